"""What staff decide about a line that is short: wait, another piece, send what is there, cancel."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.services import shortages
from inventory.services.shortages import NotShort
from orders.models import Order, OrderLine
from orders.queries import holders_of
from orders.services import replacing
from orders.services.orders import Move
from shipping.models import Fulfilment
from shop.processes import assigning, browsing, filling, fulfilment, handing_off
from shop.processes.checkout import reserving
from shop.processes.fulfilment import Parcel
from shop.processes.shortages import canceling, lines

By = User | None


@transaction.atomic(durable=True)
def wait(*, order_id: int, line_id: int, reason: str, actor: By, now: dt.datetime) -> Order:
    """What is missing of a line comes later. Raises NotShort, NotNow."""
    order = lines.lock_open(order_id)
    let_wait(order=order, line=lines.line_of(order, line_id), move=Move(now, actor, reason))
    return order


def let_wait(*, order: Order, line: OrderLine, move: Move) -> None:
    """The same within a transaction that holds order and line."""
    rows = lines.missing_of(line)
    coming = shortages.wait(holders=lines.holders(line), since=order.placed_at, now=move.now)
    days = [one.promised_on for one in coming if one.promised_on]
    words = _("%(count)s × %(piece)s to come later.") % {
        "count": lines.units_missing(line, rows),
        "piece": lines.named(line),
    }
    if days:
        day = date_format(max(days), "j F Y")
        words = f"{words} {_('Promised for %(day)s.') % {'day': day}}"
    lines.tell(order, "waiting", words, move)


@transaction.atomic(durable=True)
def substitute(
    *, order_id: int, line_id: int, sku: str, reason: str, actor: By, now: dt.datetime
) -> Order:
    """Send another piece at the price that was paid. Raises NotShort, NotNow, CannotReplace."""
    order = lines.lock_open(order_id)
    replace(
        order=order,
        line=lines.line_of(order, line_id),
        sku=sku,
        move=Move(now, actor, reason),
    )
    return order


def replace(*, order: Order, line: OrderLine, sku: str, move: Move) -> None:
    """The same within a transaction that holds order and line: all of the line is the other piece."""
    lines.missing_of(line)
    other = replacing.fitting(line=line, sku=sku)
    was = lines.named(line)
    assigning.make_room(order=order, units={line.pk: line.unfulfilled}, move=move)
    freed = shortages.swap(
        holder=line.holder,
        lines=(other.pk, line.unfulfilled),
        reference=order.number,
        now=move.now,
        route=reserving.route_of(order),
    )
    replacing.rename(line=line, other=other)
    words = _("%(count)s × %(was)s replaced by %(becomes)s, at the same price.") % {
        "count": line.unfulfilled,
        "was": was,
        "becomes": lines.named(line),
    }
    lines.tell(order, "substituted", words, move)
    handing_off.refresh(order=order, move=move)
    filling.fill(variant_ids=freed, now=move.now)
    browsing.stock_came_back(variant_ids=freed, now=move.now)
    browsing.stock_moved(variant_ids=[other.pk], now=move.now)


@transaction.atomic(durable=True)
def split(*, order_id: int, parcel: Parcel, actor: By, now: dt.datetime) -> Fulfilment:
    """Send what is there now; all that is missing of the order comes later.

    Raises NotShort, NotNow, NothingToShip.
    """
    order, move = lines.lock_open(order_id), Move(now, actor)
    short = short_lines(order)
    if not short:
        raise NotShort(_("Nothing of this order is missing any more."))
    for line in short:
        let_wait(order=order, line=lines.line_of(order, line.pk), move=move)
    return fulfilment.send(order=order, quantities=None, parcel=parcel, move=move)


@transaction.atomic(durable=True)
def cancel(*, order_id: int, line_id: int, reason: str, actor: By, now: dt.datetime) -> Order:
    """What is missing of a line is not sent; its money goes back. Raises NotShort, NotNow."""
    order = lines.lock_open(order_id)
    drop_missing(order=order, line=lines.line_of(order, line_id), move=Move(now, actor, reason))
    return order


def drop_missing(*, order: Order, line: OrderLine, move: Move) -> None:
    """The same within a transaction that holds order and line."""
    rows = lines.missing_of(line)
    canceling.drop(
        order=order,
        units={line.pk: lines.units_missing(line, rows)},
        key=f"shortage-{rows[0].pk}",
        move=move,
    )


def short_lines(order: Order) -> Collection[OrderLine]:
    """The lines of which something is missing. Two queries."""
    everything = list(order.lines.prefetch_related("parts").order_by("position", "pk"))
    missing = set(
        shortages.open_of(holder for one in everything for holder in holders_of(one)).values_list(
            "holder", flat=True
        )
    )
    return [one for one in everything if missing & holders_of(one).keys()]
