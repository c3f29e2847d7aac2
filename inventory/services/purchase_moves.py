"""The moves of a purchase order after its draft: ordered, put off, cancelled, closed."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import PurchaseEvent, PurchaseOrder, PurchaseOrderLine
from inventory.services import offers, outstanding, suppliers
from inventory.services.purchases import Status, WrongState, locked_order
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.workdays import shop_day

AXIS = "status"


class NothingOrdered(Refused):
    """Raised for an order without lines."""


@dataclass(frozen=True, slots=True)
class By:
    """Who moves an order, when, and why."""

    now: dt.datetime
    actor: User | None = None
    note: str = ""


def move(*, order: PurchaseOrder, status: Status, by: By) -> None:
    """Say what an order is now, with its event. The order must be locked; it is not saved."""
    order.check_move(status)
    PurchaseEvent.objects.create(
        order=order,
        axis=AXIS,
        from_state=order.status,
        to_state=status,
        at=by.now,
        actor=by.actor,
        note=by.note[:500],
    )
    order.status = status


def check(order: PurchaseOrder, status: Status, words: str) -> None:
    """Raises WrongState when the order can't become that. words: with %(order)s and %(state)s."""
    if status not in PurchaseOrder.MOVES[order.status]:
        told = {"order": order.number, "state": order.get_status_display().lower()}
        raise WrongState(words % told)


@transaction.atomic
def order(*, order_id: int, rate: Decimal, by: By) -> PurchaseOrder:
    """Order what a draft says: its rate and its days are fixed, its units are on their way.

    rate: units of the books' currency for one of the supplier's. Raises WrongState, NothingOrdered.
    """
    found = locked_order(order_id)
    check(found, Status.ORDERED, _("%(order)s can't be ordered: it is %(state)s."))
    lines = locked(found.lines.all())
    if not lines:
        raise NothingOrdered(_("%(order)s has no lines.") % {"order": found.number})
    if not found.supplier.is_active:
        words = _("Nothing is bought from %(supplier)s any more.")
        raise NothingOrdered(words % {"supplier": found.supplier})
    _set_days(found, lines, shop_day(by.now))
    found.rate, found.ordered_at, found.ordered_by = rate, by.now, by.actor
    move(order=found, status=Status.ORDERED, by=by)
    found.save()
    outstanding.change(order=found, units=outstanding.of(lines))
    return found


def _set_days(order: PurchaseOrder, lines: list[PurchaseOrderLine], today: dt.date) -> None:
    """When each line should come, unless somebody has agreed on a day for all of them."""
    ids = [line.variant_id for line in lines]
    offered = offers.offers_of(supplier_id=order.supplier_id, variant_ids=ids)
    for line in lines:
        line.expected_on = order.expected_on or suppliers.arrives_on(
            ordered_on=today,
            days=suppliers.lead_days(supplier=order.supplier, offer=offered.get(line.variant_id)),
            location=order.location,
        )
    PurchaseOrderLine.objects.bulk_update(lines, ["expected_on"])
    order.expected_on = _last_day(lines)


def _last_day(lines: Iterable[PurchaseOrderLine]) -> dt.date | None:
    return max((line.expected_on for line in lines if line.expected_on), default=None)


@transaction.atomic
def cancel(*, order_id: int, by: By) -> PurchaseOrder:
    """Call an order off before anything of it came. Raises WrongState."""
    found = locked_order(order_id)
    check(found, Status.CANCELED, _("%(order)s can't be cancelled: it is %(state)s."))
    _end(found, Status.CANCELED, by)
    return found


@transaction.atomic
def close(*, order_id: int, by: By) -> PurchaseOrder:
    """Be done with an order; what has not come yet does not come any more. Raises WrongState."""
    found = locked_order(order_id)
    check(found, Status.CLOSED, _("%(order)s can't be closed: it is %(state)s."))
    _end(found, Status.CLOSED, by)
    return found


def _end(order: PurchaseOrder, status: Status, by: By) -> None:
    was_open = order.status in PurchaseOrder.OPEN
    left = outstanding.of(locked(order.lines.all())) if was_open else {}
    move(order=order, status=status, by=by)
    order.save(update_fields=["status"])
    outstanding.change(order=order, units={pk: -units for pk, units in left.items()})


@transaction.atomic
def reschedule(
    *, order_id: int, on: dt.date, by: By, line_ids: Collection[int] | None = None
) -> PurchaseOrder:
    """Expect what is still to come on another day. Each line keeps what was said before.

    line_ids: only these. Raises WrongState.
    """
    found = locked_order(order_id)
    if found.status not in PurchaseOrder.OPEN:
        words = _("Nothing of %(order)s is on its way.") % {"order": found.number}
        raise WrongState(words)
    lines = locked(found.lines.select_related("variant"))
    late = [
        line
        for line in lines
        if line.outstanding and (line_ids is None or line.pk in line_ids) and line.expected_on != on
    ]
    PurchaseEvent.objects.bulk_create(_put_off(found, line, on, by) for line in late)
    for line in late:
        line.expected_on = on
    PurchaseOrderLine.objects.bulk_update(late, ["expected_on"])
    found.expected_on = _last_day(line for line in lines if line.outstanding)
    found.save(update_fields=["expected_on"])
    return found


def axis_of(line_id: int) -> str:
    """Under which name the events of a line's day are kept."""
    return f"expected-{line_id}"


def _put_off(order: PurchaseOrder, line: PurchaseOrderLine, on: dt.date, by: By) -> PurchaseEvent:
    return PurchaseEvent(
        order=order,
        axis=axis_of(line.pk),
        from_state=line.expected_on.isoformat() if line.expected_on else "",
        to_state=on.isoformat(),
        at=by.now,
        actor=by.actor,
        note=": ".join(filter(None, (line.variant.sku, by.note)))[:500],
    )
