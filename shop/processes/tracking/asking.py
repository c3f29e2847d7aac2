"""Asking carriers about what is on its way, outside transactions."""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q

from orders.models import Return
from shipping.carriers import adapter_of, in_time
from shipping.carriers.base import CarrierRefused, Silent
from shipping.models import Carrier, Fulfilment, Label
from shop.processes.tracking import hearing

logger = logging.getLogger(__name__)
EVERY = dt.timedelta(hours=2)
# What has not arrived by then is asked for by a person.
LOST_AFTER = dt.timedelta(days=60)
AT_ONCE = 10


def poll(*, now: Callable[[], dt.datetime], limit: int = 200) -> int:
    """Ask about parcels nobody told of for two hours. Returns how many were answered for."""
    by_name = {one.name: one for one in Carrier.objects.filter(is_active=True) if tells(one)}
    numbers = _claim(by_name, now(), limit)
    for carrier_id, found in _back(by_name.values()).items():
        numbers[carrier_id] += found
    answered = 0
    for carrier in by_name.values():
        answered += _quietly(carrier, numbers[carrier.pk], now)
    return answered


def tells(carrier: Carrier) -> bool:
    """Whether a carrier can be asked."""
    adapter = adapter_of(carrier)
    return adapter is not None and adapter.tracks


def ask(*, carrier: Carrier, numbers: Sequence[str], now: Callable[[], dt.datetime]) -> int:
    """Ask about numbers, and hear what is said. Raises Silent."""
    adapter = adapter_of(carrier)
    if adapter is None or not numbers:
        return 0
    try:
        told = in_time.within(in_time.CALL, lambda: adapter.track(numbers))
    except CarrierRefused as refusal:
        logger.info("no news", extra={"carrier": carrier.code, "why": refusal.message})
        return 0
    for number, news in told.items():
        hearing.heard(number=number, carrier=carrier, news=news, now=now())
    return len(told)


@transaction.atomic(durable=True)
def _claim(
    by_name: dict[str, Carrier], now: dt.datetime, limit: int
) -> defaultdict[int, list[str]]:
    """Mark parcels as asked about, so that two clocks share the work: numbers by carrier."""
    due = Q(tracked_at=None) | Q(tracked_at__lte=now - EVERY)
    rows = Fulfilment.objects.filter(
        due,
        status=Fulfilment.Status.SHIPPED,
        carrier__in=by_name,
        shipped_at__gt=now - LOST_AFTER,
    )
    own = Label.objects.filter(is_fallback=True, status=Label.Status.BOUGHT)
    rows = rows.exclude(tracking_number="").exclude(pk__in=own.values("fulfilment"))
    claimed = list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:limit])
    Fulfilment.objects.filter(pk__in=[one.pk for one in claimed]).update(tracked_at=now)
    numbers: defaultdict[int, list[str]] = defaultdict(list)
    for one in claimed:
        numbers[by_name[one.carrier].pk].append(one.tracking_number)
    return numbers


def _back(carriers: Iterable[Carrier]) -> dict[int, list[str]]:
    """Numbers of labels that come back, by carrier; each at most every two hours."""
    on_its_way = (Return.Status.APPROVED, Return.Status.IN_TRANSIT)
    rows = Label.objects.filter(
        rma__status__in=on_its_way,
        carrier__in=list(carriers),
        status=Label.Status.BOUGHT,
        is_fallback=False,
    )
    numbers: defaultdict[int, list[str]] = defaultdict(list)
    for label in rows.order_by("-pk")[:AT_ONCE]:
        if cache.add(f"tracking:label:{label.pk}", 1, timeout=int(EVERY.total_seconds())):
            numbers[label.carrier_id].append(label.tracking_number)
    return numbers


def _quietly(carrier: Carrier, numbers: Sequence[str], now: Callable[[], dt.datetime]) -> int:
    """One silent carrier keeps nobody else waiting, and is asked again at the next round."""
    door, answered = f"{carrier.code}:tracking", 0
    for start in range(0, len(numbers), AT_ONCE):
        if in_time.is_open(door):
            break
        try:
            answered += ask(carrier=carrier, numbers=numbers[start : start + AT_ONCE], now=now)
        except Silent:
            in_time.fell_silent(door)
    return answered
