"""How the figures about stock come about."""

import datetime as dt
from decimal import Decimal

import pytest

from analytics.queries.stock.levels import dead, levels, overstocked, sold_out
from analytics.queries.stock.losses import lost_sales, shrinkage
from analytics.queries.stock.overview import overview
from analytics.queries.stock.turnover import by_category, turnover
from inventory.models import BuyingPolicy, StockItem
from tests.analytics.books import NOW, at
from tests.analytics.stock.shelves import Kind, corrected, delivered, week
from tests.factories import CategoryFactory, ProductFactory, VariantFactory
from tests.factories.sourcing import forecast_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 21)


def policy(**fields):
    return BuyingPolicy(**fields)


def level_of(variant):
    return levels(policy=policy()).get(pk=variant.pk)


def test_cover_is_what_is_available_over_what_sells_in_a_day():
    variant = delivered(30)
    StockItem.objects.filter(variant=variant).update(allocated=4, reserved=3, safety=2)
    forecast_of(variant, "7")

    assert level_of(variant).cover == 21


def test_nobody_knows_how_long_lasts_what_has_no_forecast_or_never_sells():
    unknown, never = delivered(5), delivered(5)
    forecast_of(never, "0")

    assert (level_of(unknown).cover, level_of(never).cover) == (None, None)


def test_overstock_is_what_goes_beyond_the_days_of_the_policy():
    too_many, enough = delivered(100, "3.00"), delivered(20)
    forecast_of(too_many, "7")
    forecast_of(enough, "7")

    (found,) = overstocked(levels(policy=policy(overstock_days=60)))

    assert (found, found.surplus, found.surplus_value) == (too_many, 40, Decimal(120))


def test_dead_is_what_lay_there_all_the_time_and_did_not_sell():
    still, sells, new = delivered(5), delivered(5), delivered(5, on="2026-11-01 09:00")
    week(still, "2026-01-12", units=3)
    week(sells, "2026-11-09", units=1)

    found = dead(levels(policy=policy()), policy=policy(dead_days=180), today=TODAY)

    assert [(one, one.last_sold_on) for one in found] == [(still, dt.date(2026, 1, 12))]
    assert new not in found


def test_only_what_is_for_sale_is_sold_out():
    out, withdrawn = delivered(0), delivered(0)
    StockItem.objects.get_or_create(variant=out, location=_anywhere())
    withdrawn.is_active = False
    withdrawn.save()

    assert set(sold_out(levels(policy=policy()))) == {out}


def test_sales_are_lost_on_days_without_stock():
    variant = delivered(5)
    forecast_of(variant, "14")
    week(variant, "2026-11-09", units=3, days_out=4)
    week(variant, "2026-01-05", days_out=7)

    found = lost_sales(since=dt.date(2026, 9, 1), now=NOW).get()

    assert (found.days_out, found.missed) == (4, 8)


def test_shrinkage_is_told_by_month_with_what_was_found_taken_off():
    variant = delivered(50, "2.00")
    corrected(variant, -6, on="2026-10-05 10:00")
    corrected(variant, 1, on="2026-10-20 10:00")
    corrected(variant, -2, on="2026-11-05 10:00", kind=Kind.ADJUSTMENT)

    months = shrinkage(at("2026-01-01 00:00"), NOW)

    assert [(month.first.month, month.units, month.value) for month in months] == [
        (11, 2, Decimal("4.000")),
        (10, 5, Decimal("10.000")),
    ]


def test_turnover_is_cost_of_goods_over_stock_by_category():
    tea = CategoryFactory(name="Tea", slug="tea")
    variant = delivered(10, "5.00", variant=VariantFactory(product=ProductFactory(category=tea)))
    corrected(variant, -4, kind=Kind.SALE, on="2026-06-01 10:00")

    start = NOW - dt.timedelta(days=365)
    (row,) = by_category(start=start, end=NOW)

    assert (row.name, row.cost, row.stock) == ("Tea", 20, 30)
    assert row.turns == turnover(start=start, end=NOW).turns == pytest.approx(Decimal(2) / 3)


def test_the_overview_agrees_with_its_lists():
    variant = delivered(400, "2.00")
    forecast_of(variant, "7")

    found = overview(today=TODAY, now=NOW)

    assert (found.units, found.value) == (400, 800)
    assert found.cover == 400
    assert found.surplus_value == (400 - 180) * 2


def _anywhere():
    return StockItem.objects.first().location
