import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Sum

from analytics.queries import periods, rankings
from analytics.queries.days import days
from analytics.queries.orders import Only, Which, behind
from analytics.queries.totals import totals
from orders.models import Order
from payments.models import GrantedRefund
from tests.analytics.books import NOW, credit, november, sale
from tests.factories import (
    MarketFactory,
    canceled_order,
    in_stock,
    placed_order,
)
from tests.factories.value import gift_card_variant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def market():
    return MarketFactory()


def test_net_sales_are_what_was_sold_less_credits_less_tax(market):
    whole, partly, gone = sale(), sale(refunded="10.00"), sale(refunded="25.90")

    found = totals(market, november())

    credited = GrantedRefund.objects.aggregate(Sum("net"))["net__sum"]
    assert found.gross == whole.total + partly.total + gone.total
    assert found.refunds == Decimal("35.90")
    assert found.net == whole.net + partly.net + gone.net - credited
    assert found.gross - found.refunds - found.tax == found.net


def test_an_order_counts_when_it_was_confirmed(market):
    order = sale("2026-11-02 09:00")
    Order.objects.filter(pk=order.pk).update(
        placed_at="2026-10-30T09:00Z", paid_at="2026-12-01T09:00Z"
    )

    assert totals(market, november()).orders == 1


def test_a_credit_counts_on_the_day_it_was_granted(market):
    order = sale("2026-10-10 10:00")
    october = periods.between(dt.date(2026, 10, 1), dt.date(2026, 10, 31), now=NOW)
    before = totals(market, october).net

    grant = credit(order, "10.00", on="2026-11-05 10:00")

    assert totals(market, october).net == before
    assert totals(market, november()).net == -grant.net


def test_a_gift_card_is_no_sale(market):
    card = gift_card_variant()
    sale()
    order = sale(variant=card)
    line = order.lines.get()

    found = totals(market, november())

    assert found.net == all_net() - line.net
    assert found.net == sum(day.net for day in days(market, november()))
    assert [row.net for row in rankings.markets(november(), [market])] == [found.net]
    rows = behind(market, november(), Which(only=Only.COUNTED))
    assert sum(one.net_counted for one in rows) == found.net


def all_net():
    return sum(Order.objects.values_list("net", flat=True))


def test_what_was_never_paid_does_not_count(market):
    placed_order()
    canceled_order()

    found = totals(market, november())

    assert (found.orders, found.net, found.average) == (0, 0, None)


def test_markets_are_kept_apart(market):
    eu = MarketFactory(eu=True)
    sale()

    assert totals(market, november()).orders == 1
    assert totals(eu, november()).orders == 0


def test_somebody_returns_who_had_paid_before_the_period_began(market):
    sale("2026-10-31 10:00", email="alice@example.com")
    sale("2026-11-03 10:00", email="alice@example.com")
    sale("2026-11-04 10:00", email="bob@example.com")
    sale("2026-11-05 10:00", email="bob@example.com")

    found = totals(market, november())

    assert (found.people, found.returning) == (2, 1)
    assert found.returning_share == Decimal("0.5")


def test_units_are_the_pieces_on_the_lines(market):
    sale(quantity=3, variant=in_stock(9))
    sale(quantity=2, variant=in_stock(9))

    assert totals(market, november()).units == 5


def test_the_days_add_up_to_the_period(market):
    sale("2026-11-01 00:30")
    sale("2026-11-14 23:59")
    sale("2026-11-20 10:00", refunded="5.00")

    by_day = days(market, november())

    assert len(by_day) == 21
    assert sum(day.net for day in by_day) == totals(market, november()).net
    assert [day.on.day for day in by_day if day.orders] == [1, 14, 20]


def test_half_past_midnight_in_summer_belongs_to_the_new_day(market):
    july = periods.between(dt.date(2026, 7, 1), dt.date(2026, 7, 2), now=NOW)
    sale("2026-07-01 23:30")

    assert [day.orders for day in days(market, july)] == [0, 1]


@pytest.mark.parametrize(
    ("only", "figure"),
    [(Only.ALL, "orders"), (Only.REFUNDED, "refunded_orders")],
)
def test_a_figure_is_the_number_of_orders_behind_it(market, only, figure):
    sale()
    sale(refunded="1.00")
    sale("2026-10-01 10:00")

    rows = behind(market, november(), Which(only=only))

    assert rows.count() == getattr(totals(market, november()), figure)


def test_the_orders_behind_the_net_sales_add_up_to_them(market):
    sale()
    sale(refunded="7.77")
    credit(sale("2026-10-01 10:00"), "5.00", on="2026-11-03 10:00")

    rows = behind(market, november(), Which(only=Only.COUNTED))

    assert len(rows) == 3
    assert sum(order.net_counted for order in rows) == totals(market, november()).net
