"""Expiring: an order that nobody paid is closed, and others may buy what it had set aside."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from inventory.services import keys, stock
from marketing.services import uses
from orders.models import Hold, Order
from orders.queries import holders_of
from orders.services import orders
from orders.services.orders import Move
from shop.processes import browsing, filling, refunding


def expire(*, now: dt.datetime, limit: int = 200) -> int:
    """Close orders that were never paid and put their goods back on sale."""
    stopped = Hold.objects.filter(order=OuterRef("pk"), released_at=None)
    overdue = Order.objects.overdue(now=now).exclude(Exists(stopped)).order_by("pk")
    return sum(_expire(pk, now) for pk in list(overdue.values_list("pk", flat=True)[:limit]))


@transaction.atomic(durable=True)
def _expire(order_id: int, now: dt.datetime) -> bool:
    order = orders.lock(order_id=order_id)
    # Money or a person may have come between the list and the lock.
    if not _is_overdue(order, now) or orders.holds(order).exists():
        return False
    orders.move_to(order=order, status=Order.Status.EXPIRED, move=Move(now=now))
    put_back(order=order, now=now)
    refunding.stop_payments(order=order, reason=_("Not paid in time."), actor=None, now=now)
    return True


def _is_overdue(order: Order, now: dt.datetime) -> bool:
    is_unpaid = order.payment_status == Order.Payment.PENDING
    is_waiting = order.status == Order.Status.PENDING and is_unpaid
    return is_waiting and order.expires_at is not None and order.expires_at <= now


def put_back(*, order: Order, now: dt.datetime) -> None:
    """Let others buy what this order had set aside, and use what it had used.

    Keys that were shown stay gone.
    """
    lines = list(order.lines.prefetch_related("parts"))
    holders = [holder for line in lines for holder in (line.holder, *holders_of(line))]
    # Shelves before uses, as when an order is placed: so the two never wait for each other.
    freed = stock.release(holders=holders, reference=order.number, now=now)
    if order.paid_at is None:
        freed += keys.release(holders=holders)
    uses.release(order=order, now=now)
    browsing.stock_came_back(variant_ids=freed, now=now)
    filling.fill(variant_ids=freed, now=now)
