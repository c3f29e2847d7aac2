"""What papers are made of: parcels with everything that is printed of them, in few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from orders.models import Adjustment, Order, OrderLine, OrderLinePart
from shipping.models import Fulfilment, FulfilmentLine

OPEN = (Fulfilment.Status.PENDING, Fulfilment.Status.PICKING, Fulfilment.Status.PACKED)


@dataclass(frozen=True, slots=True)
class Contents:
    """What travels together. position: the parcel's, None before there is one."""

    order: Order
    position: int | None
    lines: tuple[tuple[OrderLine, int], ...]
    # Units of the order that leave some other time, line by line.
    follows: tuple[tuple[OrderLine, int], ...]

    @property
    def code(self) -> str:
        """What the barcode says."""
        number = self.order.number
        return number if self.position is None else f"{number}-{self.position}"

    @property
    def is_fragile(self) -> bool:
        pieces = [
            [line.variant, *(part.variant for part in line.parts.all())] for line, _ in self.lines
        ]
        return any(one is not None and one.is_fragile for piece in pieces for one in piece)


def parcel_code(fulfilment: Fulfilment) -> str:
    """ "10482-1": what the barcode of a parcel says, on every paper."""
    return f"{fulfilment.order.number}-{fulfilment.position}"


def of_parcels(fulfilments: Iterable[Fulfilment]) -> list[Contents]:
    """In the order they came. A fixed number of queries."""
    parcels = list(fulfilments)
    prefetch_related_objects(
        parcels,
        "order__market",
        Prefetch("lines", FulfilmentLine.objects.order_by("order_line__position", "pk")),
        *_order_parts("order__"),
    )
    return [_of_parcel(one) for one in parcels]


def _of_parcel(parcel: Fulfilment) -> Contents:
    units = {one.order_line_id: one.quantity for one in parcel.lines.all()}
    lines = list(parcel.order.lines.all())
    is_open = parcel.status in OPEN
    follows = ((one, one.unfulfilled - is_open * units.get(one.pk, 0)) for one in lines)
    return Contents(
        order=parcel.order,
        position=parcel.position,
        lines=tuple((one, units[one.pk]) for one in lines if one.pk in units),
        follows=_some(follows),
    )


def of_orders(orders: Iterable[Order]) -> list[Contents]:
    """What is left to send of each, for a slip before anybody made a parcel of it."""
    rows = list(orders)
    prefetch_related_objects(rows, "market", *_order_parts(""))
    return [
        Contents(one, None, _some((line, line.unfulfilled) for line in one.lines.all()), ())
        for one in rows
    ]


def _some(lines: Iterable[tuple[OrderLine, int]]) -> tuple[tuple[OrderLine, int], ...]:
    return tuple((line, units) for line, units in lines if line.is_shipped and units > 0)


def _order_parts(way: str) -> "list[Prefetch[Any] | str]":
    return [
        Prefetch(f"{way}lines", OrderLine.objects.order_by("position", "pk")),
        f"{way}lines__variant",
        Prefetch(f"{way}lines__parts", OrderLinePart.objects.order_by("pk")),
        f"{way}lines__parts__variant",
        Prefetch(f"{way}adjustments", Adjustment.objects.order_by("pk")),
    ]
