"""Sales on the books at a chosen moment."""

import datetime as dt
from decimal import Decimal

import time_machine

from analytics.queries import periods
from orders.models import Order
from tests.factories import in_stock, paid_order

# A Saturday evening in London, winter time.
NOW = dt.datetime(2026, 11, 21, 19, 0, tzinfo=dt.UTC)


def at(text):
    """A moment in UTC, such as "2026-11-20 10:00"."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def sale(paid_at="2026-11-20 10:00", *, refunded=None, variant=None, **fields):
    """A paid order: one mug for £22.00 and £3.90 of delivery, unless told otherwise."""
    with time_machine.travel(at(paid_at), tick=False):
        order = paid_order(variant=variant or in_stock(99), **fields)
    if refunded is not None:
        Order.objects.filter(pk=order.pk).update(refunded=Decimal(refunded))
    order.refresh_from_db()
    return order


def november():
    return periods.period("month", now=NOW)
