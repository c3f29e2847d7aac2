"""What carriers want for a parcel, within a time a shopper waits; otherwise the table speaks."""

import hashlib
import json
import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from shipping.carriers import in_time
from shipping.carriers.adapters import adapter_of
from shipping.carriers.base import Address, CarrierRefused, Package, Quoted, Shipment, Silent
from shipping.carriers.karrio_edge import LOADED
from shipping.models import Carrier

logger = logging.getLogger(__name__)
# The same parcel to the same place costs the same for so long, in seconds.
KEPT = 600
# A carrier that says no to a parcel is not asked about it again at once.
NO = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """A service of a carrier that somebody may choose."""

    carrier: Carrier
    service: str


def quote(
    *,
    carrier: Carrier,
    service: str,
    packages: Sequence[Package],
    sender: Address,
    receiver: Address,
    timeout: float = in_time.QUOTE,
) -> Quoted | None:
    """What one service costs. None when nobody can say in time: the table of rates holds."""
    asked = [Asked(carrier, service)]
    found = quotes(asked, packages=packages, sender=sender, receiver=receiver, timeout=timeout)
    return found[0]


def quotes(
    asked: Sequence[Asked],
    *,
    packages: Sequence[Package],
    sender: Address,
    receiver: Address,
    timeout: float = in_time.QUOTE,
) -> list[Quoted | None]:
    """The same for several services at once: each carrier is asked once, all in one time limit.

    timeout: seconds for all of it together.
    """
    until = time.monotonic() + timeout
    shipment = Shipment("", tuple(packages), sender, receiver, currency=_currency(packages))
    carriers = {one.carrier.code: one.carrier for one in asked}
    was_ready = {one.code for one in carriers.values() if one.adapter in LOADED}
    begun = {code: _begin(carrier, shipment) for code, carrier in carriers.items()}
    lists = {
        code: _end(code, answer, shipment, until, is_fault=code in was_ready)
        for code, answer in begun.items()
    }
    return [_of_service(lists[one.carrier.code], one.service) for one in asked]


def _currency(packages: Sequence[Package]) -> str:
    return next((one.currency for one in packages if one.currency), "")


def _begin(carrier: Carrier, shipment: Shipment) -> "list[Quoted] | Future[list[Quoted]]":
    adapter = adapter_of(carrier)
    if adapter is None or not adapter.tracks or in_time.is_open(carrier.code):
        return []
    known = _known(_key(carrier.code, shipment))
    return known if known is not None else in_time.begin(lambda: adapter.quotes(shipment))


def _end(
    code: str,
    answer: "list[Quoted] | Future[list[Quoted]]",
    shipment: Shipment,
    until: float,
    *,
    is_fault: bool,
) -> list[Quoted]:
    """is_fault: whether silence is the carrier's, and not ours who had to get ready to ask."""
    if isinstance(answer, list):
        return answer
    try:
        found = in_time.result(answer, until=until)
    except CarrierRefused as refusal:
        logger.info("carrier refused to quote", extra={"carrier": code, "why": refusal.message})
        _keep(_key(code, shipment), [], NO)
        return []
    except Exception as error:  # noqa: BLE001 - whatever it is, a shopper gets the table
        if is_fault:
            in_time.fell_silent(code)
        why = str(error) if isinstance(error, Silent) else type(error).__name__
        logger.warning("carrier gave no quote", extra={"carrier": code, "why": why})
        return []
    _keep(_key(code, shipment), found, KEPT)
    return found


def _of_service(found: Sequence[Quoted], service: str) -> Quoted | None:
    """The service asked for; without one, the cheapest."""
    fitting = [one for one in found if service in ("", one.service)]
    return min(fitting, key=lambda one: one.amount, default=None)


# Answers, kept for a while


def _key(code: str, shipment: Shipment) -> str:
    parts = [asdict(one) for one in shipment.packages]
    parts += [asdict(shipment.sender), asdict(shipment.receiver)]
    told = json.dumps(parts, default=str, sort_keys=True)
    return f"carriers:quotes:{code}:{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def _known(key: str) -> list[Quoted] | None:
    rows: list[list[Any]] | None = None
    with suppress(RedisError):
        rows = cache.get(key)
    if rows is None:
        return None
    return [Quoted(service, Decimal(amount), *rest) for service, amount, *rest in rows]


def _keep(key: str, found: Sequence[Quoted], seconds: int) -> None:
    rows = [[one.service, str(one.amount), one.currency, one.days] for one in found]
    with suppress(RedisError):
        cache.set(key, rows, timeout=seconds)
