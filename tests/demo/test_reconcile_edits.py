"""Promises about changed orders: kept by real changes, and each found when it is broken."""

import pytest
from django.utils import timezone

from orders.models import Order, OrderEvent, OrderLine
from shop.processes import bookkeeping
from shop.processes.bookkeeping.edits import EDITS
from tests.demo.test_reconcile_documents import by_hand
from tests.demo.test_reconcile_ledger import forget
from tests.factories import in_stock, paid_order, placed_order
from tests.processes.editing.changing import added, amend, line_of

pytestmark = pytest.mark.django_db
NAMES = {one.name for one in EDITS}


def found():
    return {one.name for one in bookkeeping.reconcile(now=timezone.now())} & NAMES


def changed_orders():
    """One that got dearer and lost a piece, one that is no sale yet."""
    order = paid_order(quantity=2)
    amend(order, "1", add=[added(in_stock(3), 1, "30.00")], units={line_of(order).pk: 1})
    waiting = placed_order(payment_method="bank_transfer")
    amend(waiting, "2", add=[added(in_stock(3))])
    return order


def without_invoice():
    by_hand("delete from payments_document where edit_id is not null")


BREAKS = {
    "edits.orders": lambda order: Order.objects.update(confirmed_at=None),
    "edits.difference": lambda order: OrderLine.objects.exclude(edit=None).update(
        net=1, tax=0, gross=1
    ),
    "edits.sales": lambda order: forget("edit-%-sale"),
    "edits.invoices": lambda order: without_invoice(),
    "edits.log": lambda order: OrderEvent.objects.filter(axis="edit").delete(),
}


def test_changed_orders_keep_every_promise():
    changed_orders()

    assert [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken] == []


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_promise_about_a_change_is_found(name):
    order = changed_orders()

    BREAKS[name](order)

    assert name in found()


def test_every_promise_about_changes_is_broken_once():
    assert BREAKS.keys() == NAMES
