"""Where buyers fetch parcels: carriers' pickup points, and shops of ours."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left, Upper

from inventory.models import Location, Reservation, StockItem
from orders.models import Order
from shipping.models import Fulfilment, Method, PickupPoint
from shipping.queries.verdicts import plain
from shop.lib.prepared import Prepared

NEAR = 10
# Of these, the nearest are looked for; a carrier has thousands of points in a country.
AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to fetch a parcel at. kind and code as Order.pickup keeps them."""

    kind: str
    code: str
    name: str
    lines: tuple[str, ...]
    hours: str = ""

    @property
    def value(self) -> str:
        """What the checkout sends."""
        return f"{self.kind}:{self.code}"

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "code": self.code,
            "name": self.name,
            "lines": list(self.lines),
            "hours": self.hours,
        }


def points_near(
    *, carrier_ids: Collection[int], country: str, postcode: str, count: int = NEAR
) -> list[PickupPoint]:
    """Points of these carriers, those first whose postcode begins as this one does. One query.

    Without a postcode nothing is near.
    """
    typed = plain(postcode)
    if not typed or not carrier_ids:
        return []
    rows = POINTS.rows(carriers=sorted(carrier_ids), country=country, first=typed[:1])
    found = sorted(
        rows,
        key=lambda point: (-_alike(plain(point.postcode), typed), point.postcode, point.pk),
    )
    return found[:count]


def _points(carriers: list[int], country: str, first: str) -> "QuerySet[PickupPoint]":
    rows = PickupPoint.objects.annotate(area=Upper(Left("postcode", 1))).filter(
        carrier__in=carriers, country=country, is_active=True, area=first
    )
    return rows.order_by("postcode", "pk")[:AT_MOST]


POINTS = Prepared(_points)


def _alike(one: str, other: str) -> int:
    return next(
        (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def spot_of_point(point: PickupPoint) -> Spot:
    lines = (point.line1, f"{point.city} {point.postcode}".strip())
    return Spot(Method.Kind.POINT, point.code, point.name, lines, point.hours)


def spot_of_location(place: Location) -> Spot:
    lines = (place.line1, f"{place.city} {place.postcode}".strip())
    known = tuple(line for line in lines if line)
    return Spot(Method.Kind.COLLECT, place.code, place.name, known, place.opening_hours)


def places_with(*, wanted: Mapping[int, int], country: str, holder: UUID) -> list[Location]:
    """Locations where all of it can be collected: {variant id: units}. One query.

    holder: the shopper, whose own reservations are there for him.
    """
    places: dict[int, Location] = {}
    there: dict[int, set[int]] = defaultdict(set)
    for row in ITEMS.rows(variants=list(wanted), country=country, holder=holder):
        places[row.location_id] = row.location
        left = row.on_hand - row.allocated - row.reserved - row.safety + row.own
        if left >= wanted[row.variant_id]:
            there[row.location_id].add(row.variant_id)
    return [place for pk, place in places.items() if there[pk] == set(wanted)]


def _items(variants: list[int], country: str, holder: UUID) -> "QuerySet[StockItem]":
    kept = Reservation.objects.filter(stock_item=OuterRef("pk"), holder=holder)
    return (
        StockItem.objects.filter(
            Q(location__country=country) | Q(location__country=""),
            variant__in=variants,
            location__offers_collection=True,
            location__is_active=True,
        )
        .select_related("location")
        .annotate(own=Coalesce(Subquery(kept.values("quantity")), 0))
        .order_by("location__position", "location_id", "pk")
    )


ITEMS = Prepared(_items)


def is_collected(order: Order) -> bool:
    """Whether the buyer fetches it at a shop of ours."""
    return bool(order.pickup.get("kind") == Method.Kind.COLLECT)


def waiting_here() -> "QuerySet[Fulfilment]":
    """Parcels that lie ready for their buyers at shops of ours."""
    rows = Fulfilment.objects.filter(ready_at__isnull=False).exclude(collect_code="")
    return rows.filter(status=Fulfilment.Status.PACKED)


def where_to(order: Order) -> list[str]:
    """The lines of where its parcels go: to a point or a shop of ours, else the buyer's address.

    The buyer's name stays first: it is who may fetch it.
    """
    if order.pickup:
        return [order.name, order.pickup.get("name", ""), *order.pickup.get("lines", [])]
    return order.address_lines
