"""Delivering: what a basket travels in, which ways it may go, and where it may be fetched."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from catalog.models import Market, Variant
from catalog.queries.membership import Membership
from orders.queries import LineInCart
from orders.services.pricing import Delivery
from shipping.models import Method, PickupPoint
from shipping.queries import blocked, pickup, rating
from shipping.queries.pickup import Spot
from shipping.queries.terms import Destination, Packing, Piece
from shipping.queries.ways import Way, ways

Kind = Method.Kind
Known = Mapping[int, Membership]


@dataclass(frozen=True, slots=True)
class Said:
    """What carriers said when they were asked about some parcels. None: nothing."""

    parcels: str = ""
    prices: Mapping[str, Decimal | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a basket goes, and what is known so far. near: where to look for pickup points.

    only: the way that was taken, when others matter no more.
    """

    to: Destination
    near: str = ""
    said: Said = field(default_factory=Said)
    only: str = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """What a shopper may choose from. spots: of methods that bring it elsewhere, by their code.

    to_ask: methods whose carriers would say a price and were not asked about these parcels yet.
    """

    offers: list[Delivery] = field(default_factory=list)
    spots: Mapping[str, list[Spot]] = field(default_factory=dict)
    parcels: tuple[Packing, ...] = ()
    to_ask: tuple[Method, ...] = ()
    providers: Mapping[str, int | None] = field(default_factory=dict)

    def chosen(self, code: str) -> Delivery | None:
        """The one that was named, else the cheapest to the door."""
        named = next((offer for offer in self.offers if offer.code == code), None)
        at_home = (offer for offer in self.offers if offer.kind == Kind.HOME)
        return named or next(at_home, None) or next(iter(self.offers), None)

    def spot(self, chosen: Delivery | None, wanted: str) -> Spot | None:
        """Where it is fetched; None to the door, or when no such place is offered (any more)."""
        if chosen is None or chosen.kind == Kind.HOME:
            return None
        near = self.spots.get(chosen.code, [])
        found = next((spot for spot in near if spot.value == wanted), None)
        if found is None and chosen.kind == Kind.POINT:
            return _further_away(self.providers.get(chosen.code), wanted)
        is_only = chosen.kind == Kind.COLLECT and len(near) == 1 and not wanted
        return near[0] if is_only else found


def pieces_of(lines: Iterable[LineInCart], known: Known) -> list[Piece]:
    """What of a basket travels: a bundle without a weight of its own as its parts."""
    return [
        _piece(variant, units, line, known)
        for line in lines
        if line.variant.product.type.is_shipped
        for variant, units in _sent(line)
    ]


def products_of(lines: Iterable[LineInCart]) -> set[int]:
    """Whatever restrictions may ask for: products, and those that bundles consist of."""
    found = set()
    for line in lines:
        found |= {line.variant.product_id, *(part.part.product_id for part in line.parts)}
    return found


def told_apart(lines: list[LineInCart], known: Known, country: str) -> list[LineInCart]:
    """The lines, those with their reason that must not be sent into the country. One query."""
    pieces = {line.line.pk: list(_named(line, known)) for line in lines}
    everything = [piece for some in pieces.values() for piece in some]
    reasons = blocked(pieces=everything, country=country) if everything else {}
    if not reasons:
        return lines
    found = []
    for line in lines:
        of_line = (reasons.get(piece.variant_id, "") for piece in pieces[line.line.pk])
        found.append(replace(line, problem=line.problem or next(filter(None, of_line), "")))
    return found


def choices(
    *,
    lines: Sequence[LineInCart],
    pieces: Sequence[Piece],
    wish: Wish,
    market: Market,
    goods: Decimal,
    now: dt.datetime,
) -> Ways:
    """Ways of delivery for what travels; none when nothing does."""
    if not pieces:
        return Ways()
    parcels = rating.packed(pieces).parcels
    found = ways(currency=market.currency, country=wish.to.country)
    said = wish.said if wish.said.parcels == fingerprint(parcels) else Said()
    to, prices = wish.to, said.prices
    offers = rating.offered(found, parcels, to, goods=goods, now=now, live=prices)
    methods = {way.method.code: way.method for way in found}
    taken = next((one for one in offers if one.code == wish.only), None)
    if taken is not None and taken.kind == Kind.HOME:
        # To the door: nobody asks what lies ready at our shops.
        offers = [taken]
    spots = _spots(offers, methods, lines, wish)
    open_offers = [one for one in offers if one.kind != Kind.COLLECT or spots.get(one.code)]
    return Ways(
        offers=rating.marked(open_offers) if len(open_offers) < len(offers) else offers,
        spots=spots,
        parcels=parcels,
        to_ask=tuple(_to_ask(found, prices, to)),
        providers={code: method.provider_id for code, method in methods.items()},
    )


def fingerprint(parcels: Sequence[Packing]) -> str:
    """The same for parcels that cost a carrier the same."""
    told = sorted((one.grams, one.size.length_mm, one.size.girth_mm) for one in parcels)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def _to_ask(
    found: Sequence[Way], prices: Mapping[str, object], to: Destination
) -> Iterator[Method]:
    for way in found:
        method = way.method
        if method.is_live and method.provider and method.code not in prices and to.postcode:
            yield method


def _sent(line: LineInCart) -> list[tuple[Variant, int]]:
    if line.variant.grams or not line.parts:
        return [(line.variant, line.line.quantity)]
    return [(part.part, part.quantity * line.line.quantity) for part in line.parts]


def _named(line: LineInCart, known: Known) -> Iterator[Piece]:
    """The line itself and what it consists of, as far as it travels."""
    if line.variant.product.type.is_shipped:
        for variant in (line.variant, *(one.part for one in line.parts)):
            yield _piece(variant, 1, line, known)


def _piece(variant: Variant, units: int, line: LineInCart, known: Known) -> Piece:
    """Of a bundle each part belongs where the bundle belongs, too."""
    whole, own = known.get(line.variant.product_id), known.get(variant.product_id)
    belongs = [one.categories for one in (whole, own) if one]
    return Piece(
        variant_id=variant.pk,
        units=units,
        grams=variant.grams,
        length_mm=variant.length_mm,
        width_mm=variant.width_mm,
        height_mm=variant.height_mm,
        is_fragile=variant.is_fragile,
        product_id=variant.product_id,
        categories=frozenset[int]().union(*belongs),
    )


def _spots(
    offers: Sequence[Delivery],
    methods: Mapping[str, Method],
    lines: Sequence[LineInCart],
    wish: Wish,
) -> dict[str, list[Spot]]:
    found: dict[str, list[Spot]] = {}
    at_points = [methods[one.code] for one in offers if one.kind == Kind.POINT]
    if at_points:
        found |= _points(at_points, wish)
    in_shops = [one.code for one in offers if one.kind == Kind.COLLECT]
    if in_shops:
        holder = next(line.line.cart.holder for line in lines)
        found |= dict.fromkeys(in_shops, _shops(lines, wish.to.country, holder))
    return found


def _points(methods: Sequence[Method], wish: Wish) -> dict[str, list[Spot]]:
    near = pickup.points_near(
        carrier_ids={method.provider_id for method in methods if method.provider_id},
        country=wish.to.country,
        postcode=wish.near or wish.to.postcode,
    )
    return {
        method.code: [
            pickup.spot_of_point(point) for point in near if point.carrier_id == method.provider_id
        ]
        for method in methods
    }


def _shops(lines: Sequence[LineInCart], country: str, holder: UUID) -> list[Spot]:
    """Our places where all of it lies ready."""
    wanted = Counter[int]()
    for line in lines:
        if line.variant.product.type.is_shipped:
            parts = {part.part_id: part.quantity for part in line.parts}
            for variant_id, each in (parts or {line.variant.pk: 1}).items():
                wanted[variant_id] += each * line.line.quantity
    places = pickup.places_with(wanted=wanted, country=country, holder=holder)
    return [pickup.spot_of_location(place) for place in places]


def _further_away(provider_id: int | None, wanted: str) -> Spot | None:
    """A point that was looked up around another postcode."""
    kind, _colon, code = wanted.partition(":")
    if kind != Kind.POINT or provider_id is None:
        return None
    points = PickupPoint.objects.filter(carrier=provider_id, code=code[:40], is_active=True)
    point = points.first()
    return pickup.spot_of_point(point) if point else None
