"""Asking carriers what a basket costs, before anything is locked, and remembering it briefly."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from django.core.cache import cache
from redis.exceptions import RedisError

from catalog.models import Market
from catalog.queries.rates import Rates, rates_at
from orders.models import Cart
from shipping import carriers
from shipping.carriers.base import Address, Package, Quoted
from shipping.models import Method
from shipping.queries import Packing
from shipping.queries.verdicts import plain
from shop.lib import rulebook
from shop.lib.money import round_money
from shop.processes import quoting
from shop.processes.delivering import Said, fingerprint
from shop.processes.quoting import Asked, Priced

# As long as a shopper takes for a checkout, in seconds.
KEPT = 900


def quote(*, cart: Cart, market: Market, asked: Asked, now: dt.datetime) -> Priced:
    """What `quoting.quote` says, with the carriers' own prices where a way asks for them.

    Never within a transaction: it waits for carriers, two seconds at most for all of them.
    """
    asked = replace(asked, said=remembered(cart, asked.country, asked.postcode))
    priced = quoting.quote(cart=cart, market=market, asked=asked, now=now)
    if not priced.to_ask:
        return priced
    prices = _prices(priced.to_ask, priced.parcels, market, asked, now)
    said = Said(fingerprint(priced.parcels), prices)
    _remember(cart, asked, said)
    return quoting.quote(cart=cart, market=market, asked=replace(asked, said=said), now=now)


def remembered(cart: Cart, country: str, postcode: str) -> Said:
    """What carriers said to this shopper about this address; nothing when it is too long ago."""
    live = Method.objects.filter(is_live=True)
    if not rulebook.kept("live-methods", live.exists):
        return Said()
    with suppress(RedisError):
        told = cache.get(_key(cart, country, postcode))
        if told is not None:
            parcels, prices = told
            return Said(
                parcels,
                {code: Decimal(one) if one is not None else None for code, one in prices.items()},
            )
    return Said()


def _remember(cart: Cart, asked: Asked, said: Said) -> None:
    prices = {code: None if one is None else str(one) for code, one in said.prices.items()}
    with suppress(RedisError):
        told = (said.parcels, prices)
        cache.set(_key(cart, asked.country, asked.postcode), told, timeout=KEPT)


def _key(cart: Cart, country: str, postcode: str) -> str:
    where = hashlib.sha256(f"{country} {plain(postcode)}".encode()).hexdigest()[:16]
    return f"live:{cart.pk}:{where}"


def _prices(
    methods: Sequence[Method],
    parcels: Sequence[Packing],
    market: Market,
    asked: Asked,
    now: dt.datetime,
) -> dict[str, Decimal | None]:
    """By the method's code; None where a carrier is silent or his money has no rate."""
    wanted = [
        carriers.Asked(method.provider, method.service) for method in methods if method.provider
    ]
    answers = carriers.quotes(
        wanted,
        packages=[_package(one) for one in parcels],
        sender=carriers.of_location(None),
        receiver=Address("", "", "", asked.postcode, asked.country),
    )
    rates = rates_at(now) if any(answers) else Rates({})
    return {
        method.code: _converted(answer, market.currency, rates, now)
        for method, answer in zip(methods, answers, strict=True)
    }


def _package(parcel: Packing) -> Package:
    size = parcel.size
    return Package(max(1, parcel.grams), size.length_mm, size.width_mm, size.height_mm)


def _converted(
    answer: Quoted | None, currency: str, rates: Rates, now: dt.datetime
) -> Decimal | None:
    known = rates.of(answer.currency, currency, now=now) if answer else None
    if answer is None or known is None:
        return None
    return round_money(answer.amount * known.rate, currency)
