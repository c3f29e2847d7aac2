"""Promises about returns, exchanges and claims: kept by real ones, each found when it is broken."""

import pytest
from django.db import connection
from django.utils import timezone

from inventory.models import StockMovement
from orders.models import Claim, Exchange, Order, OrderLine, Return, ReturnEvent, ReturnLine
from payments.models import GrantedRefund
from shop.processes import bookkeeping
from shop.processes.bookkeeping.returns import RETURNS
from tests.factories import in_stock, shipped_order
from tests.processes.test_claiming import accept, claim_of
from tests.processes.test_returns import approved, come_back

pytestmark = pytest.mark.django_db
NAMES = {one.name for one in RETURNS}


def found():
    return {one.name for one in bookkeeping.reconcile(now=timezone.now())} & NAMES


def by_hand(table, change):
    """What the database would not let anybody do, done by its owner."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(f"alter table {table} disable trigger user")
        cursor.execute(f"update {table} set {change}")  # noqa: S608 - our own words
        cursor.execute(f"alter table {table} enable trigger user")


def cases():
    """One came back for money, one for another piece, one was claimed."""
    order = shipped_order(variant=in_stock(9), quantity=4)
    come_back(approved(order))
    come_back(approved(order, wish="exchange", swaps=in_stock(3), key="form-2"))
    accept(claim_of(order, key="form-3"))


BREAKS = {
    "returns.units": lambda: OrderLine.objects.filter(returned=2).update(returned=1),
    "returns.checked": lambda: ReturnLine.objects.update(received=0),
    "returns.restocked": lambda: by_hand(
        "inventory_stockmovement", "on_hand_change = 7 where kind = 'return'"
    ),
    "returns.granted": lambda: by_hand("payments_grantedline", "quantity = 9"),
    "returns.paid": lambda: Return.objects.update(status="inspected"),
    "returns.status": lambda: Order.objects.update(return_status="none"),
    "exchanges.lines": lambda: Exchange.objects.update(edit=None),
    "claims.settled": lambda: Claim.objects.update(status="open", outcome=""),
}


def test_real_cases_keep_every_promise():
    cases()

    assert GrantedRefund.objects.count() == 3
    assert StockMovement.objects.filter(kind="return").count() == 2
    assert [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken] == []


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_promise_about_a_case_is_found(name):
    cases()

    BREAKS[name]()

    assert name in found()


def test_the_history_of_a_return_ends_where_it_is():
    cases()

    ReturnEvent.objects.filter(to_state="closed").delete()

    assert "returns.status" in found()


def test_every_promise_about_returns_is_broken_once():
    assert BREAKS.keys() == NAMES
