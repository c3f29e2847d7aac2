"""Forecasts, every night."""

import datetime as dt
from decimal import Decimal

import pytest

from inventory.models import BuyingPolicy, DemandWeek, Forecast, StockPolicy
from shop.processes.replenishment import forecasting
from tests.factories.sourcing import offered
from tests.factories.stock import in_stock

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 18, 9, tzinfo=dt.UTC)
MONDAY = dt.date(2026, 11, 16)


def sells(variant, *units):
    """Units of the weeks before this one, the newest last."""
    DemandWeek.objects.bulk_create(
        DemandWeek(variant=variant, week_on=MONDAY - dt.timedelta(weeks=age), units=many)
        for age, many in zip(range(len(units), 0, -1), units, strict=True)
    )
    return variant


@pytest.fixture
def steady():
    return sells(in_stock(), *[9, 10, 11, 10] * 10)


def forecast_of(variant):
    return Forecast.objects.get(variant=variant, is_current=True)


def test_a_steady_seller_is_expected_to_go_on(steady):
    forecasting.forecast(now=NOW)

    found = forecast_of(steady)
    assert found.weekly == pytest.approx(Decimal(10), abs=Decimal("0.5"))
    assert found.pattern == "smooth"
    assert (found.made_on, found.first_week_on) == (NOW.date(), MONDAY)
    assert len(found.mean) == len(found.low) == len(found.high) == 8
    assert found.low[0] <= found.mean[0] <= found.high[0]
    assert found.wape < Decimal("0.2")


def test_levels_follow_from_the_suppliers_lead_time_and_the_policy(steady):
    offered(steady, lead_days=21)
    BuyingPolicy.objects.create(pk=1, service_level=Decimal("0.9"), cover_days=14)

    forecasting.forecast(now=NOW)

    found = forecast_of(steady)
    assert (found.lead_days, found.service_level) == (21, Decimal("0.900"))
    assert found.reorder_point - found.safety_stock == pytest.approx(30, abs=2)
    assert found.order_up_to - found.reorder_point == pytest.approx(20, abs=1)
    assert found.safety_stock > 0


def test_a_variants_own_service_level_goes_before_the_shops(steady):
    StockPolicy.objects.create(variant=steady, service_level=Decimal("0.99"))

    forecasting.forecast(now=NOW)

    assert forecast_of(steady).service_level == Decimal("0.990")


def test_a_second_run_of_a_day_replaces_the_first(steady):
    forecasting.forecast(now=NOW)
    forecasting.forecast(now=NOW)

    assert Forecast.objects.filter(variant=steady).count() == 1


def test_yesterdays_forecast_is_kept_and_not_current(steady):
    forecasting.forecast(now=NOW - dt.timedelta(days=1))
    forecasting.forecast(now=NOW)

    rows = Forecast.objects.filter(variant=steady).order_by("made_on")
    assert [row.is_current for row in rows] == [False, True]


def test_forecasts_of_half_a_year_ago_go(steady):
    forecasting.forecast(now=NOW - dt.timedelta(weeks=27))
    forecasting.forecast(now=NOW)

    assert Forecast.objects.filter(variant=steady).count() == 1


def test_what_was_sold_out_is_not_mistaken_for_unwanted(steady):
    DemandWeek.objects.filter(variant=steady, week_on__gte=MONDAY - dt.timedelta(weeks=3)).update(
        units=0, days_out=7
    )

    forecasting.forecast(now=NOW)

    assert forecast_of(steady).weekly == pytest.approx(Decimal(10), abs=Decimal("0.7"))


def test_what_never_sold_needs_no_stock():
    variant = in_stock()

    forecasting.forecast(now=NOW)

    found = forecast_of(variant)
    assert (found.pattern, found.weekly, found.order_up_to) == ("none", 0, 0)
    assert found.wape is None


def test_a_shop_without_stock_makes_no_forecast():
    assert forecasting.forecast(now=NOW) == 0


def test_a_hundred_variants_take_as_many_queries_as_one(django_assert_max_num_queries):
    for _ in range(20):
        sells(in_stock(), *[3, 4, 5] * 8)

    with django_assert_max_num_queries(20):
        assert forecasting.forecast(now=NOW) == 20
