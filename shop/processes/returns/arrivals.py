"""When the goods of an order reached their buyer, as far as anybody knows."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from orders.models import Order
from shipping.models import Fulfilment
from shop.lib.workdays import shop_day

Status = Fulfilment.Status
# Where nobody promised a day: what a parcel takes at most.
ON_THE_WAY = dt.timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Arrived:
    """line: the last day units of it came. all: the last day of all; None while some are to come."""

    lines: dict[int, dt.date]
    all: dt.date | None


def arrivals(order: Order) -> Arrived:
    """Two queries."""
    parcels = Fulfilment.objects.filter(order=order).exclude(status=Status.CANCELED)
    lines: dict[int, dt.date] = {}
    days: list[dt.date | None] = []
    for parcel in parcels.prefetch_related("lines").order_by("pk"):
        day = _day(order, parcel)
        days.append(day)
        for one in parcel.lines.all() if day else ():
            lines[one.order_line_id] = _later(lines.get(one.order_line_id), day)
    known = [day for day in days if day]
    return Arrived(lines, max(known) if known and len(known) == len(days) else None)


def _later(one: dt.date | None, other: dt.date | None) -> dt.date:
    return max(_known([one, other]))


def _known(days: Iterable[dt.date | None]) -> list[dt.date]:
    return [day for day in days if day]


def _day(order: Order, parcel: Fulfilment) -> dt.date | None:
    """As its carrier says; else as it was promised. None: not there."""
    if parcel.delivered_at:
        return shop_day(parcel.delivered_at)
    if parcel.status != Status.SHIPPED or not parcel.shipped_at or _is_followed(parcel):
        return None
    sent = shop_day(parcel.shipped_at)
    return max(order.arrives_by, sent) if order.arrives_by else sent + ON_THE_WAY


def _is_followed(parcel: Fulfilment) -> bool:
    """Whether its carrier will tell when it is there."""
    return parcel.tracking_status not in ("", Fulfilment.Tracking.DELIVERED)
