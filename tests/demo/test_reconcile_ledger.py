"""What reconcile finds when the books are wrong, while the database is told to look away."""

from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Order
from payments.models import MonthClose, ValueAccount
from payments.services.books import payouts, sales
from shipping.models import Fulfilment
from shop.processes.bookkeeping.ledger import LEDGER
from tests.demo.test_reconcile import broken
from tests.factories import VariantFactory, in_stock, shipped_order
from tests.factories.value import gift_card
from tests.payments.books.reading import unguarded
from tests.payments.books.test_payouts import line, payout
from tests.payments.books.test_sales import granted

pytestmark = pytest.mark.django_db


def forget(source):
    entries = f"select id from payments_journalentry where source like '{source}'"  # noqa: S608
    unguarded(
        f"delete from payments_journalline where entry_id in ({entries})",  # noqa: S608
        f"delete from payments_journalentry where id in ({entries})",  # noqa: S608
    )


def more_on(role):
    """A penny more on an account, and a penny less on the other of its first entry."""
    unguarded(
        f"""
        with found as (
            select l.id, l.entry_id from payments_journalline l
            join payments_ledgeraccount a on a.id = l.account_id
            where a.role = '{role}' order by l.id limit 1
        ), other as (
            select min(l.id) as id from payments_journalline l join found using (entry_id)
            where l.id <> found.id
        )
        update payments_journalline l set amount = amount + case l.id when f.id then 1 else -1 end
        from found f, other o where l.id in (f.id, o.id)
        """  # noqa: S608 - our own constants
    )


LEDGER_BREAKS = {
    "ledger.balance": lambda: unguarded("update payments_journalline set base = base + 1"),
    "ledger.sales": lambda: forget("order-%-sale"),
    "ledger.credits": lambda: forget("grant-%"),
    "ledger.money": lambda: forget("payment-event-%"),
    "ledger.value": lambda: forget("value-entry-%"),
    "ledger.customers": lambda: more_on("customers"),
    "ledger.output_tax": lambda: more_on("output_tax"),
    "ledger.costs": lambda: Fulfilment.objects.update(goods_cost=5),
    "ledger.value_owed": lambda: ValueAccount.objects.update(balance=7),
    "ledger.provider": lambda: more_on("provider"),
    "ledger.payouts": lambda: forget("payout-%"),
    "ledger.months": lambda: MonthClose.objects.create(
        month=timezone.localdate().replace(day=1),
        closed_at=timezone.now() - timezone.timedelta(days=40),
    ),
}


@pytest.fixture
def business(db):
    """Something of every kind of entry."""
    order = shipped_order(variant=in_stock(variant=VariantFactory(cost=Decimal(4))))
    gift_card("50.00")
    grant = granted(order, lines=list(order.tax_lines.filter(line=None)))
    sales.post_credit(grant=grant, now=timezone.now())
    line("30.00", "0.75")
    payouts.post_payout(payout=payout("10.00"), now=timezone.now())


def ledger_broken():
    return {name for name in broken() if name.startswith("ledger.")}


@pytest.mark.parametrize("name", LEDGER_BREAKS)
@pytest.mark.usefixtures("business")
def test_a_broken_promise_of_the_books_is_found(name):
    assert ledger_broken() == set()

    LEDGER_BREAKS[name]()

    assert name in ledger_broken()


def test_every_promise_of_the_books_is_broken_by_some_test_here():
    assert {one.name for one in LEDGER} == set(LEDGER_BREAKS)


def test_a_sale_that_was_never_confirmed_is_found():
    shipped_order()
    Order.objects.update(confirmed_at=None)

    assert "ledger.sales" in ledger_broken()


def test_a_wrong_amount_is_found_where_it_stands():
    shipped_order()

    unguarded("update payments_paymentevent set amount = amount + 1 where stage = 'success'")

    assert "ledger.money" in ledger_broken()
