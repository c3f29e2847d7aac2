"""Orders that are changed, with the fewest words."""

from decimal import Decimal

from django.utils import timezone

from payments.services import payments
from shop.processes import bookkeeping, editing
from shop.processes.editing import Added, Amendment


def amend(order, key="1", seen="", **asked):
    edit = editing.amend(
        order_id=order.pk,
        asked=Amendment(**asked),
        key=key,
        actor=None,
        now=timezone.now(),
        seen=seen,
    )
    order.refresh_from_db()
    return edit


def added(variant, quantity=1, price="10.00", **fields):
    return Added(variant, quantity, Decimal(price), **fields)


def line_of(order):
    return order.lines.order_by("position").first()


def left(order):
    order.refresh_from_db()
    return payments.left_to_pay(order)


def broken():
    return [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken]
