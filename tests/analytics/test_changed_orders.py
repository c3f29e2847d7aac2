"""What a later change added to an order is sold on the day of the change, as in the books."""

import datetime as dt
from decimal import Decimal

import pytest

from analytics.queries import periods, rankings, tax
from analytics.queries.days import days
from analytics.queries.orders import Only, Which, behind
from analytics.queries.totals import totals
from shop.processes import bookkeeping, editing
from shop.processes.editing import Added, Amendment
from tests.analytics.books import NOW, november, sale
from tests.factories import MarketFactory, in_stock

pytestmark = pytest.mark.django_db
CHANGED = dt.datetime(2026, 11, 5, 10, tzinfo=dt.UTC)


def october():
    return periods.between(dt.date(2026, 10, 1), dt.date(2026, 10, 31), now=NOW)


@pytest.fixture
def order():
    """Sold in October, made dearer by £30 in November."""
    MarketFactory()
    order = sale("2026-10-10 10:00")
    editing.amend(
        order_id=order.pk,
        asked=Amendment(add=[Added(in_stock(2), 1, Decimal("30.00"))]),
        key="1",
        actor=None,
        now=CHANGED,
    )
    return order


def test_each_month_has_its_own_part(order):
    market = order.market

    before, after = totals(market, october()), totals(market, november())

    assert (before.net, before.gross) == (order.net, order.total)
    assert (after.net, after.gross, after.orders) == (25, 30, 0)
    assert rankings.markets(november(), [market])[0].net == 25
    assert {one.on: one.net for one in days(market, november()) if one.net} == {CHANGED.date(): 25}


def test_the_tax_is_owed_for_the_day_of_the_change(order):
    found = tax.charged(november(), currency="GBP")

    assert [(one.net, one.tax) for one in found] == [(25, 5)]
    assert [one.tax for one in tax.charged(october(), currency="GBP")] == [order.tax]


def test_the_books_say_the_same(order):
    names = {one.name for one in bookkeeping.reconcile(now=NOW) if one.is_broken}

    assert not names & {"analytics.net_sales", "analytics.tax", "ledger.sales"}


def test_the_orders_behind_october_add_up(order):
    rows = behind(order.market, october(), Which(only=Only.COUNTED))

    assert [row.net_counted for row in rows] == [order.net]
