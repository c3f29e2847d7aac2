"""What was asked for, week by week."""

import datetime as dt

import pytest

from catalog.models import Sale
from inventory.models import DemandWeek, StockItem, StockMovement, StockPolicy
from inventory.services import stock
from inventory.services.stock import Why
from orders.models import Order
from shop.processes.replenishment import demand
from tests.factories.orders import placed_order
from tests.factories.stock import in_stock

pytestmark = pytest.mark.django_db

# A Wednesday; the week before begins on the ninth.
NOW = dt.datetime(2026, 11, 18, 9, tzinfo=dt.UTC)
WEEK = dt.date(2026, 11, 9)
IN_WEEK = dt.datetime(2026, 11, 11, 12, tzinfo=dt.UTC)
LONG_BEFORE = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)


def sold(variant, quantity=1, *, at=IN_WEEK, status=Order.Status.CONFIRMED, **line):
    order = placed_order(variant=variant, quantity=quantity, now=at)
    Order.objects.filter(pk=order.pk).update(placed_at=at, status=status)
    if line:
        order.lines.update(**line)
    return order


def weeks(variant):
    rows = DemandWeek.objects.filter(variant=variant).order_by("week_on")
    return [(row.week_on, row.units, row.promoted, row.days_out) for row in rows]


def shelf(variant, change, *, at):
    why = Why(kind=StockMovement.Kind.ADJUSTMENT, now=at, reason="test")
    stock.change_on_hand(variant_id=variant.pk, change=change, why=why)


@pytest.fixture
def variant():
    return in_stock(50, now=LONG_BEFORE)


def test_confirmed_sales_are_counted_in_the_week_they_were_asked_for(variant):
    sold(variant, 2)
    sold(variant, 3)
    sold(variant, 4, at=IN_WEEK - dt.timedelta(days=7))

    demand.count(now=NOW)

    assert weeks(variant) == [(WEEK - dt.timedelta(days=7), 4, 0, 0), (WEEK, 5, 0, 0)]


def test_the_week_that_still_runs_is_not_counted(variant):
    sold(variant, 2, at=NOW)

    demand.count(now=NOW)

    assert weeks(variant) == []


def test_a_week_begins_when_it_is_monday_in_the_shop(variant):
    # Half past eleven on Sunday evening in UTC: in summer Monday has begun in London.
    sold(variant, 1, at=dt.datetime(2026, 9, 6, 23, 30, tzinfo=dt.UTC))

    demand.count(now=NOW)

    assert weeks(variant) == [(dt.date(2026, 9, 7), 1, 0, 0)]


@pytest.mark.parametrize("status", [Order.Status.CANCELED, Order.Status.EXPIRED, "pending"])
def test_orders_that_came_to_nothing_are_no_demand(variant, status):
    sold(variant, 2, status=status)

    demand.count(now=NOW)

    assert weeks(variant) == []


def test_units_cancelled_later_leave_the_count(variant):
    order = sold(variant, 3)
    demand.count(now=NOW)

    order.lines.update(canceled=1)
    demand.count(now=NOW)

    assert weeks(variant) == [(WEEK, 2, 0, 0)]


def test_an_order_cancelled_later_leaves_nothing_but_the_week(variant):
    other = in_stock(now=LONG_BEFORE)
    order = sold(variant, 3)
    sold(other)
    demand.count(now=NOW)

    Order.objects.filter(pk=order.pk).update(status=Order.Status.CANCELED)
    demand.count(now=NOW)

    assert weeks(variant) == [(WEEK, 0, 0, 0)]


def test_counting_twice_counts_once(variant):
    sold(variant, 2)

    demand.count(now=NOW)
    demand.count(now=NOW)

    assert weeks(variant) == [(WEEK, 2, 0, 0)]


def test_units_sold_at_a_sales_price_are_marked(variant):
    Sale.objects.create(name="Winter sale", kind=Sale.Kind.SALE, starts_at=LONG_BEFORE, ends_at=NOW)
    sold(variant, 2, price_note="Winter sale")
    sold(variant, 1, discount=1)
    sold(variant, 4)

    demand.count(now=NOW)

    assert weeks(variant) == [(WEEK, 7, 3, 0)]


def test_trade_prices_are_no_promotion(variant):
    sold(variant, 2, price_note="Trade, from 12 units")

    demand.count(now=NOW)

    assert weeks(variant) == [(WEEK, 2, 0, 0)]


def test_days_that_ended_without_stock_are_counted(variant):
    monday = dt.datetime(2026, 11, 9, 12, tzinfo=dt.UTC)
    sold(variant, 2, at=monday)
    there = StockItem.objects.get(variant=variant)

    shelf(variant, -(there.on_hand - there.allocated), at=monday)
    shelf(variant, 9, at=monday + dt.timedelta(days=3))
    demand.count(now=NOW)

    assert weeks(variant) == [(WEEK, 2, 0, 3)]


def test_days_before_the_first_delivery_are_not_days_without_stock():
    variant = in_stock(5, now=dt.datetime(2026, 11, 13, 8, tzinfo=dt.UTC))
    sold(variant, 1, at=dt.datetime(2026, 11, 14, 8, tzinfo=dt.UTC))

    demand.count(now=NOW)

    assert weeks(variant) == [(WEEK, 1, 0, 0)]


def test_what_is_sold_ahead_is_never_out(variant):
    StockPolicy.objects.create(variant=variant, selling="backorder", limit=50)
    sold(variant, 2)
    there = StockItem.objects.get(variant=variant)

    shelf(variant, -(there.on_hand - there.allocated), at=IN_WEEK)
    demand.count(now=NOW)

    assert weeks(variant) == [(WEEK, 2, 0, 0)]


def test_a_shop_without_orders_has_nothing_to_count():
    assert demand.count(now=NOW) == 0
