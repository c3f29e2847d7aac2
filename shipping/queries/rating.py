"""Which ways of delivery an address has, what they cost, and when the parcels arrive."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.conf import settings

from orders.services.pricing import Delivery
from shipping.models import Box, Method, Rate
from shipping.queries import days, verdicts
from shipping.queries.packing import propose
from shipping.queries.terms import Destination, Packed, Packing, Piece
from shipping.queries.ways import Way, ways
from shop.lib import rulebook
from shop.lib.workdays import next_cut_off

Kind = Method.Kind
# {method code: what its carrier asks for all parcels, None when he said nothing}
Live = Mapping[str, Decimal | None]
NOT_ASKED: Live = {}


@dataclass(frozen=True, slots=True)
class Promise:
    """What the product page says about delivery. Amounts as the market shows prices."""

    method_name: str
    price: Decimal
    free_from: Decimal | None
    arrives_from: dt.date
    arrives_by: dt.date
    cut_off: dt.datetime
    note: str = ""


@rulebook.one_moment()
def deliveries(
    *,
    to: Destination,
    pieces: Sequence[Piece],
    currency: str,
    goods: Decimal,
    now: dt.datetime,
    live: Live = NOT_ASKED,
) -> list[Delivery]:
    """Methods an address may choose from, cheapest first, then soonest.

    Every parcel must be carried; the price is the sum over them. goods: their value as the market
    shows it. live: what carriers said when they were asked; the tables hold where they did not.
    """
    parcels = packed(pieces).parcels
    found = ways(currency=currency, country=to.country)
    return offered(found, parcels, to, goods=goods, now=now, live=live)


def offered(
    found: Sequence[Way],
    parcels: Sequence[Packing],
    to: Destination,
    *,
    goods: Decimal,
    now: dt.datetime,
    live: Live = NOT_ASKED,
) -> list[Delivery]:
    """The same for parcels and methods that are known already. No query."""
    offers = []
    for way in found:
        price = verdicts.price_of(way, parcels, goods, live.get(way.method.code))
        if price is not None and not verdicts.problem_of(way, parcels, to):
            offers.append(offer(way, parcels, to, price, goods=goods, now=now))
    return marked(sorted(offers, key=lambda one: (one.price, one.arrives_by, one.code)))


def promise(
    *,
    country: str,
    currency: str,
    goods: Decimal,
    now: dt.datetime,
    grams: int = 0,
    pieces: Sequence[Piece] = (),
    boxes: Sequence[Box] = (),
) -> Promise | None:
    """The cheapest delivery to the door of one piece, for a page that knows no address.

    pieces: what is sent; grams alone where nobody measured it. boxes: those in use. One query.
    """
    sent = list(pieces) or [Piece(0, 1, grams)]
    parcels = propose(sent, boxes).parcels
    to = Destination(country)
    found = [
        (way, price)
        for way in ways(currency=currency, country=country)
        if way.method.kind == Kind.HOME
        and (price := verdicts.price_of(way, parcels, goods)) is not None
        and not verdicts.problem_of(way, parcels, to)
    ]
    if not found:
        return None
    least = min(price for _way, price in found)
    # When it arrives takes longest to find out, and is only told of the cheapest.
    cheapest = [
        (offer(way, parcels, to, price, goods=goods, now=now), way.method.pk)
        for way, price in found
        if price == least
    ]
    best, _pk = min(cheapest, key=lambda one: (one[0].arrives_by, one[1]))
    given_away = [verdicts.free_from(way, parcels, goods) for way, _price in found]
    return Promise(
        method_name=best.name,
        price=best.price,
        free_from=min((one for one in given_away if one is not None), default=None),
        arrives_from=best.arrives_from,
        arrives_by=best.arrives_by,
        cut_off=next_cut_off(now, settings.SHOP["country"]),
        note=best.note,
    )


def packed(pieces: Sequence[Piece]) -> Packed:
    """What the pieces travel in, from the boxes in use. One query."""
    return propose(pieces, boxes_in_use())


def boxes_in_use() -> list[Box]:
    return rulebook.kept("boxes", _boxes)


def _boxes() -> list[Box]:
    return list(Box.objects.filter(is_active=True).order_by("pk"))


def offer(
    way: Way,
    parcels: Sequence[Packing],
    to: Destination,
    price: Decimal,
    *,
    goods: Decimal,
    now: dt.datetime,
) -> Delivery:
    method = way.method
    first, last = days.arrives(method, to.country, now)
    return Delivery(
        code=method.code,
        name=method.name,
        carrier=method.carrier,
        price=price,
        tax_class=method.tax_class.code if method.tax_class else "",
        arrives_from=first,
        arrives_by=last,
        free_from=verdicts.free_from(way, parcels, goods),
        kind=method.kind,
        note="" if method.kind == Kind.COLLECT else method.zone.duties_note,
    )


def marked(offers: Sequence[Delivery]) -> list[Delivery]:
    """The cheapest and the soonest, where there is a choice. offers: the cheapest first."""
    if len(offers) < 2:
        return list(offers)
    soonest = min(offers, key=lambda one: (one.arrives_by, one.arrives_from))
    return [replace(one, is_cheapest=one is offers[0], is_fastest=one is soonest) for one in offers]


def countries_served(currency: str) -> list[str]:
    """Where something of ours goes, paid in that currency."""
    return rulebook.kept(f"served:{currency}", lambda: _served(currency))


def _served(currency: str) -> list[str]:
    rows = Rate.objects.filter(currency=currency, method__is_active=True)
    zones = rows.values_list("method__zone__countries", flat=True)
    return sorted({code for countries in zones for code in countries})
