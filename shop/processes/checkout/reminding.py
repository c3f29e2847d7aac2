"""Reminding: whoever ordered and has not paid hears of it on a schedule, each time once."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from orders.models import Hold, Order
from payments.services import methods
from shop.lib.workdays import shop_day
from shop.outbox.models import Message
from shop.processes.checkout.telling import key_of, owe_mail

# An invoice's last day, and days after it.
INVOICE_DAYS = (0, 7, 14)
UNPAID = "payment_reminder"
INVOICE = "invoice_reminder"


def remind(*, now: dt.datetime) -> int:
    """Owe the reminders that are due, of unpaid orders and of invoices. Returns how many.

    Safe to run twice at once: a letter has one key. Whether it is still wanted is looked at
    once more when it is sent. Of several that fell due meanwhile only the last is sent.
    """
    return _owe(UNPAID, _of_orders(now), now) + _owe(INVOICE, _of_invoices(now), now)


def _waiting() -> QuerySet[Order]:
    stopped = Hold.objects.filter(order=OuterRef("pk"), released_at=None)
    waiting = Order.objects.filter(payment_status__in=methods.OPEN).exclude(Exists(stopped))
    return waiting.order_by("pk")


def _of_orders(now: dt.datetime) -> Iterator[tuple[Order, int]]:
    """Pending orders with the last of their method's hours that has struck."""
    for row in methods.rows():
        hours = sorted(row.remind_after_hours)
        if not hours:
            continue
        first = now - dt.timedelta(hours=hours[0])
        orders = _waiting().filter(
            status=Order.Status.PENDING, payment_method=row.code, placed_at__lte=first
        )
        for order in orders.exclude(expires_at__lte=now):
            age = (now - order.placed_at) / dt.timedelta(hours=1)
            yield order, max(hour for hour in hours if hour <= age)


def _of_invoices(now: dt.datetime) -> Iterator[tuple[Order, int]]:
    today = shop_day(now)
    due = _waiting().filter(payment_method=methods.INVOICE, due_on__lte=today)
    for order in due.filter(status__in=[Order.Status.CONFIRMED, Order.Status.COMPLETED]):
        age = (today - order.due_on).days if order.due_on else 0
        yield order, max(day for day in INVOICE_DAYS if day <= age)


def _owe(kind: str, due: Iterable[tuple[Order, int]], now: dt.datetime) -> int:
    wanted = {key_of(kind, order, when): (order, when) for order, when in due}
    known = set(Message.objects.filter(key__in=wanted).values_list("key", flat=True))
    with transaction.atomic():
        return sum(
            owe_mail(kind, order, now, tell=when)
            for key, (order, when) in wanted.items()
            if key not in known
        )
