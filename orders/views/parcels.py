"""An order's parcels as its page shows them: what is in them, and what the carrier said."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from orders.models import Order
from orders.views.progress import is_collected, moment
from shipping.models import Fulfilment, TrackingEvent


@dataclass(frozen=True, slots=True)
class Happened:
    """One piece of a carrier's news, the last one first."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """collect_code: what the buyer shows at the counter while the parcel lies there."""

    title: str
    state: str
    carrier: str
    tracking_number: str
    tracking_url: str
    items: tuple[str, ...]
    news: tuple[Happened, ...] = ()
    collect_code: str = ""
    place: tuple[str, ...] = ()


def parcels_of(order: Order) -> list[Fulfilment]:
    """Those that go out, or went, with their lines and news. Three queries."""
    rows = order.fulfilments.exclude(status=Fulfilment.Status.CANCELED)
    return list(rows.prefetch_related("lines__order_line", "tracking").order_by("position", "pk"))


def shown(order: Order, rows: Iterable[Fulfilment]) -> list[Parcel]:
    return [_parcel(order, row) for row in rows]


def _parcel(order: Order, row: Fulfilment) -> Parcel:
    waits_here = bool(row.ready_at and row.collect_code and row.delivered_at is None)
    return Parcel(
        title=_("Parcel %(number)s") % {"number": row.position},
        state=_state(order, row),
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        tracking_url=row.tracking_url,
        items=tuple(_item(line) for line in row.lines.all()),
        news=tuple(happened(row.tracking.all())),
        collect_code=row.collect_code if waits_here else "",
        place=tuple(_place(order)) if waits_here else (),
    )


def _state(order: Order, row: Fulfilment) -> str:
    """ "Packed", "Out for delivery": the carrier's word where there is one."""
    if row.delivered_at and is_collected(order):
        return _("Collected %(moment)s") % {"moment": moment(row.delivered_at)}
    if row.ready_at and row.collect_code:
        return _("Ready for you since %(moment)s") % {"moment": moment(row.ready_at)}
    if row.delivered_at:
        return _("Delivered %(moment)s") % {"moment": moment(row.delivered_at)}
    if row.status in (Fulfilment.Status.PENDING, Fulfilment.Status.PICKING):
        return _("Being packed")
    if row.status == Fulfilment.Status.PACKED:
        return _("Packed, leaves soon")
    if row.tracking_status:
        return str(row.get_tracking_status_display())
    if row.shipped_at:
        return _("Posted %(moment)s") % {"moment": moment(row.shipped_at)}
    return str(row.get_status_display())


def happened(events: Iterable[TrackingEvent]) -> list[Happened]:
    """A carrier's news, the last one first."""
    found = sorted(events, key=lambda one: (one.at, one.pk), reverse=True)
    return [Happened(str(one.get_status_display()), _detail(one)) for one in found]


def _detail(one: TrackingEvent) -> str:
    return ". ".join(
        filter(None, (", ".join(filter(None, (moment(one.at), one.place))), one.words))
    )


def _place(order: Order) -> list[str]:
    return [order.pickup.get("name", ""), *order.pickup.get("lines", [])]


def _item(line: Any) -> str:
    """ "2 × Foot-ring mug, Ash"."""
    bought = line.order_line
    label = f", {bought.variant_label}" if bought.variant_label else ""
    return f"{line.quantity} × {bought.title}{label}"
