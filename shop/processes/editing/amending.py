"""Amending: an order is changed after it was placed, once per key, and its log says what and why."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order, OrderEdit, OrderLine
from orders.services import orders
from orders.services.additions import Added
from orders.services.orders import Move
from shop.lib.locks import locked
from shop.processes.editing import (
    booked,
    delivering,
    moving_house,
    reading,
    telling,
    unbooked,
    words,
)
from shop.processes.editing.reading import Wants
from shop.processes.editing.terms import Amendment, CannotChange, Change, ChangedMeanwhile

Cause = OrderEdit.Cause
OPEN = (Order.Status.PENDING, Order.Status.CONFIRMED)
# An exchange or a piece sent again brings it back.
SOLD = (Order.Status.CONFIRMED, Order.Status.COMPLETED)


@dataclass(frozen=True, slots=True)
class By:
    """What a change comes from."""

    cause: str
    key: str
    move: Move


@transaction.atomic(durable=True)
def amend(
    *,
    order_id: int,
    asked: Amendment,
    key: str,
    actor: User | None,
    now: dt.datetime,
    seen: str = "",
) -> OrderEdit:
    """Change an order as staff want it, once per key; its buyer is told.

    seen: the version() the change was made up for. Raises ChangedMeanwhile, CannotChange,
    PickingStarted, OutOfStock, and TooMuch when money can't go back.
    """
    order = orders.lock(order_id=order_id)
    if known := OrderEdit.objects.filter(order=order, key=key).first():
        return known
    if seen and seen != version(order):
        raise ChangedMeanwhile(_("Somebody changed this order meanwhile. Please look again."))
    edit = apply(
        order=order, asked=asked, cause=Cause.STAFF, key=key, move=Move(now, actor, asked.reason)
    )
    telling.tell(edit=edit, now=now)
    return edit


def version(order: Order) -> str:
    """What an order looks like, in short: another one when anything of it changed."""
    sums = order.lines.aggregate(
        sent=Sum("fulfilled"), canceled=Sum("canceled"), units=Sum("quantity")
    )
    parts = (order.edits.count(), order.status, order.payment_status, order.total, *sums.values())
    words_ = "|".join(map(str, (*parts, *order.address_lines, order.shipping_method)))
    return hashlib.sha256(words_.encode()).hexdigest()[:16]


def apply(*, order: Order, asked: Amendment, cause: str, key: str, move: Move) -> OrderEdit:
    """The same within a transaction that holds the order."""
    if order.status not in OPEN:
        raise CannotChange(_("This order is closed: it can't be changed any more."))
    if order.confirmed_at is None:
        return _anew(order, asked, By(cause, key, move))
    lines = _lines(order)
    wants = reading.wants_of(order=order, lines=lines, asked=asked)
    if asked.delivery:
        delivering.add_to(wants, order=order, to=asked.delivery, now=move.now)
    wants.changes.extend(_places(order, asked, move))
    return _carry_out(order, lines, wants, By(cause, key, move))


def _anew(order: Order, asked: Amendment, by: By) -> OrderEdit:
    """An order that is no sale yet."""
    total = order.total
    places = _places(order, asked, by.move)
    changes = unbooked.carry_out(order=order, lines=_lines(order), asked=asked, move=by.move)
    return _write(order, changes + places, order.total - total, by)


def _carry_out(order: Order, lines: list[OrderLine], wants: Wants, by: By) -> OrderEdit:
    """An order that was sold."""
    figures = booked.figure(order=order, wants=wants, move=by.move)
    edit = _write(order, wants.changes, figures.difference, by)
    booked.carry_out(edit=edit, lines=lines, wants=wants, figures=figures, move=by.move)
    return edit


def _places(order: Order, asked: Amendment, move: Move) -> list[Change]:
    """Address and way of delivery, beside what they cost."""
    found = []
    if asked.address and not moving_house.is_same(order, asked.address):
        method = asked.delivery.code if asked.delivery else order.shipping_method
        if why := moving_house.problem(order=order, to=asked.address, method=method, now=move.now):
            raise CannotChange(why)
        found.append(moving_house.move(order=order, to=asked.address, by=move))
    if asked.delivery and order.confirmed_at is None:
        was = delivering.charged(order, now=move.now)
        found.append(delivering.change_of(order, was, asked.delivery))
    if asked.delivery:
        delivering.choose(order=order, to=asked.delivery)
    return found


def amend_within(
    *,
    order: Order,
    cause: str,
    add: Sequence[Added],
    remove: Mapping[int, int],
    reason: str,
    key: str,
    move: Move,
) -> OrderEdit:
    """Bring lines into an order that was sold, and take units off, once per key.

    Within a transaction that holds the order. A completed order that gets goods is open again.
    Raises CannotChange, PickingStarted, OutOfStock.
    """
    if known := OrderEdit.objects.filter(order=order, key=key).first():
        return known
    if order.status not in SOLD:
        raise CannotChange(_("Only a confirmed order can be changed like this."))
    move = Move(move.now, move.actor, reason)
    lines = _lines(order)
    wants = reading.of_within(order=order, lines=lines, add=add, remove=remove)
    return _carry_out(order, lines, wants, By(cause, key, move))


def _lines(order: Order) -> list[OrderLine]:
    rows = OrderLine.objects.filter(order=order)
    return sorted(locked(rows), key=lambda line: (line.position, line.pk))


def _write(order: Order, changes: list[Change], difference: Decimal, by: By) -> OrderEdit:
    """The record of it, and the order's log. Raises CannotChange when nothing was changed."""
    if not changes:
        raise CannotChange(_("Nothing was changed."))
    words.log(order, changes, by.move)
    return OrderEdit.objects.create(
        order=order,
        cause=by.cause,
        reason=by.move.note[:200],
        changes=changes,
        difference=difference,
        made_by=by.move.actor,
        made_at=by.move.now,
        key=by.key,
    )
