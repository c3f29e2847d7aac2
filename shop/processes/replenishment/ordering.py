"""Ordering: a draft goes to its supplier; the shop tells buyers when more comes."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.queries.rates import exchange_rate
from inventory.models import PurchaseOrder
from inventory.services import purchase_moves, purchase_papers
from inventory.services.purchase_moves import By
from shop.lib.errors import Refused
from shop.processes import browsing, filling


class NoRate(Refused):
    """Raised for a supplier whose currency the books know no rate of."""


@transaction.atomic(durable=True)
def order(*, order_id: int, now: dt.datetime, actor: User | None) -> PurchaseOrder:
    """Send a draft to its supplier, at today's rate. Raises NoRate, WrongState, NothingOrdered."""
    draft = PurchaseOrder.objects.get(pk=order_id)
    rate = exchange_rate(draft.currency, now)
    if rate is None:
        words = _("There is no exchange rate for %(currency)s yet: enter one first.")
        raise NoRate(words % {"currency": draft.currency})
    ordered = purchase_moves.order(order_id=order_id, rate=rate, by=By(now, actor))
    purchase_papers.owe(order=ordered, now=now)
    _tell(ordered, now)
    return ordered


@transaction.atomic(durable=True)
def resend(*, order_id: int, now: dt.datetime) -> None:
    """Mail an order to its supplier once more. Raises NotSent, WrongState."""
    purchase_papers.send_again(order_id=order_id, now=now)


@transaction.atomic(durable=True)
def cancel(*, order_id: int, reason: str, now: dt.datetime, actor: User | None) -> PurchaseOrder:
    """Call an order off before anything came; its supplier is told. Raises WrongState."""
    canceled = purchase_moves.cancel(order_id=order_id, by=By(now, actor, reason))
    if canceled.ordered_at:
        purchase_papers.owe_cancellation(order=canceled, now=now)
        _tell(canceled, now)
    return canceled


@transaction.atomic(durable=True)
def close(*, order_id: int, reason: str, now: dt.datetime, actor: User | None) -> PurchaseOrder:
    """Be done with an order; the rest of it does not come. Raises WrongState."""
    closed = purchase_moves.close(order_id=order_id, by=By(now, actor, reason))
    _tell(closed, now)
    return closed


@transaction.atomic(durable=True)
def reschedule(
    *, order_id: int, on: dt.date, by: By, line_ids: Collection[int] | None = None
) -> PurchaseOrder:
    """Expect the rest of an order, or some of its lines, on another day. Raises WrongState."""
    moved = purchase_moves.reschedule(order_id=order_id, on=on, by=by, line_ids=line_ids)
    _tell(moved, by.now)
    return moved


def _tell(order: PurchaseOrder, now: dt.datetime) -> None:
    """Those who wait hear of another day, and pages say from when on there is more."""
    variants = list(order.lines.order_by("variant").values_list("variant_id", flat=True))
    filling.redate(variant_ids=variants, now=now)
    browsing.stock_came_back(variant_ids=variants, now=now)
