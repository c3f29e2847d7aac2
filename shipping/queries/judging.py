"""Every method with its verdict about some goods and a place: for staff who wonder why."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.services.pricing import Delivery
from shipping.models import Method
from shipping.queries import rating, verdicts
from shipping.queries.terms import Destination, Packing
from shipping.queries.ways import Way, all_ways


@dataclass(frozen=True, slots=True)
class Judged:
    """delivery: what a shopper is offered; None with a problem, in words."""

    method: Method
    delivery: Delivery | None
    problem: str = ""


def judged(
    *,
    to: Destination,
    parcels: Sequence[Packing],
    currency: str,
    goods: Decimal,
    now: dt.datetime,
) -> list[Judged]:
    """All methods, those that do it first, the cheapest before others. Two queries."""
    found = [
        _judged(way, parcels, to, currency, goods=goods, now=now)
        for way in all_ways(currency=currency)
    ]
    return sorted(found, key=_rank)


def _rank(one: Judged) -> tuple[object, ...]:
    if one.delivery is None:
        return (True, Decimal(0), one.method.zone.name, one.method.position)
    return (False, one.delivery.price, "", one.method.position)


def _judged(
    way: Way,
    parcels: Sequence[Packing],
    to: Destination,
    currency: str,
    *,
    goods: Decimal,
    now: dt.datetime,
) -> Judged:
    problem = verdicts.problem_of(way, parcels, to)
    if problem:
        return Judged(way.method, None, problem)
    price = verdicts.price_of(way, parcels, goods)
    if price is None:
        return Judged(way.method, None, _no_rate(way, parcels, currency, goods))
    return Judged(way.method, rating.offer(way, parcels, to, price, goods=goods, now=now))


def _no_rate(way: Way, parcels: Sequence[Packing], currency: str, goods: Decimal) -> str:
    if not way.rates:
        return _("It has no rate in %(currency)s.") % {"currency": currency}
    lacking = next(one for one in parcels if way.rate_for(one.grams, goods) is None)
    figures = {"grams": lacking.grams, "goods": goods}
    return _("It has no rate for a parcel of %(grams)s g with goods of %(goods)s.") % figures
