"""Filling: what is there again goes to those who wait for it, and they hear of it.

Called last in whatever frees units or adds them, in its transaction. Stock is locked by then, so
no order is touched here: its note is owed to the outbox, as its mails are.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import Backorder, StockPolicy
from inventory.services import backorders, incoming, shortages, stock
from inventory.services.incoming import Expected
from inventory.services.stock import Filled
from orders.models import Order, OrderLine, OrderLinePart
from orders.services import orders
from orders.services.orders import Move
from shop.lib.locks import locked
from shop.lib.workdays import shop_day
from shop.outbox import delivery as outbox
from shop.outbox.models import post
from shop.processes import browsing, handing_off
from shop.processes.checkout.telling import owe_mail

CLOSED = (Order.Status.CANCELED, Order.Status.EXPIRED)


def fill(*, variant_ids: Iterable[int], now: dt.datetime) -> list[Filled]:
    """Give what is there of these variants to those who miss it, then to those who wait for it.

    Oldest first. Whoever has all of a line now is mailed, once. Returns who got what.
    """
    wanted = sorted(set(variant_ids))
    # All at once, so that two who fill never wait for each other.
    stock.hold(variant_ids=wanted)
    filled = shortages.find(variant_ids=wanted, now=now)
    filled += backorders.fill(variant_ids=wanted, now=now)
    for place, one in enumerate(filled):
        _owe_note(one, place, now)
    touched = {one.variant_id for one in filled}
    browsing.stock_came_back(variant_ids=touched, now=now)
    return filled


def _owe_note(one: Filled, place: int, now: dt.datetime) -> None:
    post(
        topic="stock.tell_filled",
        key=f"filled-{one.holder}-{place}-{now.timestamp():.6f}",
        payload={"holder": str(one.holder), "units": one.units, "left": one.left},
        now=now,
    )
    outbox.ring()


def tell(*, holder: UUID, units: int, left: int, now: dt.datetime) -> None:
    """Write into the order what came for it; once a line is complete, owe its buyer a mail."""
    line = line_of(holder)
    if line is None:
        return
    order = orders.lock(order_id=line.order_id)
    if order.status in CLOSED:
        return
    orders.note(order=order, text=_words(line, units, left), move=Move(now))
    if order.status == Order.Status.CONFIRMED:
        # What came may lie at a partner who sends for us.
        handing_off.refresh(order=order, move=Move(now))
    if not (left or still_waits(line)):
        owe_mail("backorder_ready", order, now, tell=line.pk)


def _words(line: OrderLine, units: int, left: int) -> str:
    words = {"units": units, "sku": line.sku, "left": left}
    if left:
        return _("%(units)s × %(sku)s came and are set aside, %(left)s still to come.") % words
    return _("%(units)s × %(sku)s came and are set aside: the line is complete.") % words


def line_of(holder: UUID) -> OrderLine | None:
    """The line that holds units under this name, itself or by one of its parts."""
    line = OrderLine.objects.filter(holder=holder).select_related("order").first()
    if line is None:
        part = OrderLinePart.objects.filter(holder=holder).select_related("line__order").first()
        line = part.line if part else None
    return line


def still_waits(line: OrderLine) -> bool:
    holders = [line.holder, *line.parts.values_list("holder", flat=True)]
    is_short = shortages.open_of(holders).exists()
    return is_short or Backorder.objects.filter(holder__in=holders).exists()


@transaction.atomic
def redate(*, variant_ids: Iterable[int], now: dt.datetime) -> int:
    """Follow what suppliers say: promised days move, and whoever waits longer than told is mailed.

    Returns how many promises moved.
    """
    rows = Backorder.objects.filter(variant__in=list(variant_ids))
    queue = sorted(locked(rows), key=lambda row: (row.created_at, row.pk))
    coming = incoming.expected(variant_ids={row.variant_id for row in queue}, now=now)
    # They are counted again here, one after the other.
    coming = {pk: replace(one, owed=0) for pk, one in coming.items()}
    moved = []
    for row in queue:
        was, row.promised_on = row.promised_on, _day(row, coming[row.variant_id])
        coming[row.variant_id].owed += row.quantity
        if row.promised_on != was:
            moved.append(row)
            if was and row.promised_on and row.promised_on > was:
                _owe_news(row, now)
    Backorder.objects.bulk_update(moved, ["promised_on"])
    return len(moved)


def _day(row: Backorder, coming: Expected) -> dt.date | None:
    """When the units of a backorder come; a promise by lead time alone holds until it is broken."""
    day = coming.day(row.quantity)
    if _is_covered(coming, row.quantity) or coming.policy is None or row.promised_on is None:
        return day
    lead = dt.timedelta(days=coming.policy.lead_days)
    is_by_lead_time = row.promised_on == shop_day(row.created_at) + lead
    return row.promised_on if is_by_lead_time and row.promised_on >= coming.today else day


def _is_covered(coming: Expected, units: int) -> bool:
    """Whether suppliers bring so many beyond what is owed to those before."""
    return sum(some for _day, some in coming.deliveries) >= coming.owed + units


def _owe_news(row: Backorder, now: dt.datetime) -> None:
    """Tell whoever was told an earlier day; once of each day."""
    line = line_of(row.holder)
    if line is not None and line.order.status not in CLOSED:
        owe_mail("backorder_later", line.order, now, tell=f"{line.pk}-{row.promised_on}")


def redate_overdue(*, now: dt.datetime) -> int:
    """Think again about promises whose day has passed."""
    late = Backorder.objects.filter(promised_on__lt=shop_day(now))
    return redate(variant_ids=set(late.values_list("variant_id", flat=True)), now=now)


@transaction.atomic(durable=True)
def follow_calendar(*, now: dt.datetime) -> list[Filled]:
    """What a new day brings: pre-orders whose first day it is get theirs, broken promises a new one."""
    filled = fill(variant_ids=backorders.fillable(), now=now)
    redate_overdue(now=now)
    begun = StockPolicy.objects.filter(
        selling=StockPolicy.Selling.PREORDER, available_on=shop_day(now)
    )
    browsing.stock_came_back(variant_ids=begun.values_list("variant_id", flat=True), now=now)
    return filled
