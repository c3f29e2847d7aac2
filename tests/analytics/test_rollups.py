"""Months that are over are added up once, and whatever changes them takes that away."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from analytics.models import SoldInMonth
from analytics.queries import periods, rankings
from analytics.queries.days import days
from analytics.queries.totals import totals
from analytics.services import forgetting, rollups
from orders.models import Order
from shop.processes import editing
from shop.processes.editing import Added, Amendment
from tests.analytics.books import NOW, sale
from tests.factories import CategoryFactory, MarketFactory, ProductFactory, in_stock

pytestmark = pytest.mark.django_db
OCTOBER = dt.date(2026, 10, 1)


@pytest.fixture
def market():
    return MarketFactory()


@pytest.fixture
def mugs(market):
    """Sold in September, October and November, and added up as far as the months are over."""
    product = ProductFactory(title="Mug", category=CategoryFactory(name="Kitchen"))
    variant = in_stock(99, product=product)
    for day in ("2026-09-30 22:59", "2026-09-30 23:01", "2026-10-10 10:00", "2026-11-02 10:00"):
        sale(day, variant=variant, quantity=2)
    sale("2026-10-11 10:00", variant=in_stock(9), refunded=5)
    rollups.roll_up(now=NOW)
    return variant


def figures(market, first="2026-09-15"):
    asked = periods.between(dt.date.fromisoformat(first), dt.date(2026, 11, 20), now=NOW)
    return (
        totals(market, asked),
        days(market, asked),
        rankings.products(market, asked),
        rankings.products(market, asked, by="units"),
        rankings.categories(market, asked),
        rankings.markets(asked, [market]),
    )


def without_rollups(ask):
    SoldInMonth.objects.all().delete()
    return ask()


def rolled_up():
    return set(SoldInMonth.objects.values_list("month", flat=True))


def test_only_months_that_are_over_are_added_up(mugs):
    assert rolled_up() == {dt.date(2026, 9, 1), OCTOBER}


@pytest.mark.parametrize("first", ["2026-09-01", "2026-09-15", "2026-10-01", "2026-11-01"])
def test_figures_are_the_same_to_the_cent_with_and_without(market, mugs, first):
    found = figures(market, first)

    assert found[0].orders
    assert found == without_rollups(lambda: figures(market, first))


def test_a_month_that_is_over_is_read_from_its_rollup(market, mugs):
    before = figures(market)[0].net

    SoldInMonth.objects.filter(month=OCTOBER, day="2026-10-10").update(net=1000)

    assert figures(market)[0].net > before + 900


def test_a_month_is_added_up_once(mugs, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert rollups.roll_up(now=NOW) == 0


def grow_order(variant):
    editing.amend(
        order_id=Order.objects.get(confirmed_at__date="2026-10-10").pk,
        asked=Amendment(add=[Added(in_stock(2), 1, Decimal("30.00"))]),
        key="1",
        actor=None,
        now=NOW,
    )


def move_order(variant):
    Order.objects.filter(confirmed_at__month=10).update(
        confirmed_at=dt.datetime(2026, 11, 3, tzinfo=dt.UTC)
    )


def sell_late(variant):
    sale("2026-10-30 10:00", variant=variant)


def move_product(variant):
    variant.product.category = CategoryFactory(name="Garden")
    variant.product.save()


def rename_category(variant):
    category = variant.product.category
    category.slug = category.url_path = "other"
    type(category).objects.filter(pk=category.pk).update(slug="other", url_path="other")


def move_variant(variant):
    variant.product = ProductFactory(title="Cup")
    variant.save()


def lose_goods(variant):
    for order in Order.objects.filter(lines__variant=variant):
        order.lines.update(variant=None)


@pytest.mark.parametrize(
    "change",
    [
        grow_order,
        move_order,
        sell_late,
        move_product,
        rename_category,
        move_variant,
        lose_goods,
    ],
)
def test_a_change_takes_away_what_it_makes_wrong(market, mugs, change):
    change(mugs)

    assert OCTOBER not in rolled_up()
    found = figures(market)
    rollups.roll_up(now=NOW)
    assert OCTOBER in rolled_up()
    assert figures(market) == found == without_rollups(lambda: figures(market))


def test_what_touches_no_figure_leaves_the_month_alone(mugs):
    Order.objects.update(phone="0123", fulfillment_status=Order.Fulfillment.DELIVERED)
    sale("2026-11-20 10:00", variant=mugs)

    assert OCTOBER in rolled_up()


def test_a_month_that_somebody_changes_right_now_waits(market):
    sale("2026-10-10 10:00")
    somebody = connection.copy()
    try:
        somebody.set_autocommit(False)
        with somebody.cursor() as cursor:
            take = "select pg_advisory_xact_lock_shared(%s, %s)"
            cursor.execute(take, [forgetting.LOCK, 202610])
        assert rollups.roll_up(now=NOW) == 0
    finally:
        somebody.close()

    assert rollups.roll_up(now=NOW) == 1
    assert rolled_up() == {OCTOBER}


def test_a_change_holds_its_month_until_it_is_over(mugs):
    grow_order(mugs)

    with connection.cursor() as cursor:
        cursor.execute(
            "select objid from pg_locks where locktype = 'advisory' and classid = %s"
            " and pid = pg_backend_pid() and granted and mode = 'ShareLock'",
            [forgetting.LOCK],
        )
        assert (202610,) in cursor.fetchall()
