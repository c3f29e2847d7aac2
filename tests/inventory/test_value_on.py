"""What stock was worth on any day, with and without snapshots, and first in, first out."""

import datetime as dt
from decimal import Decimal

import pytest

from catalog.models import Variant
from inventory.models import Location, StockItem, StockMovement, StockSnapshot, Valuation
from inventory.queries.value import value_on
from inventory.queries.value_layers import fifo_of, fifo_total, layers
from inventory.services import snapshots, valuing
from inventory.services.stock import default_location
from inventory.services.valuing import Change
from tests.factories import VariantFactory

pytestmark = pytest.mark.django_db
Kind = StockMovement.Kind
NOW = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)


def at(month, day, hour=12):
    return dt.datetime(2026, month, day, hour, tzinfo=dt.UTC)


def move(variant, units, moment, *, value=None, kind=Kind.RECEIPT, location=None):
    """A movement as the shop writes it, at any moment."""
    place = location or default_location()
    item, _made = StockItem.objects.get_or_create(variant=variant, location=place)
    change = Change(variant.pk, units, value and Decimal(value))
    (worth,) = [Decimal(0)] if kind == Kind.TRANSFER else valuing.apply([change])
    StockItem.objects.filter(pk=item.pk).update(on_hand=item.on_hand + units)
    return StockMovement.objects.create(
        stock_item=item, kind=kind, on_hand_change=units, value_change=worth, at=moment
    )


@pytest.fixture
def mug():
    """Ten for 100 in January, ten for 140 in March, five sold in April."""
    variant = VariantFactory()
    move(variant, 10, at(1, 15), value=100)
    move(variant, 10, at(3, 2), value=140)
    move(variant, -5, at(4, 9), kind=Kind.SALE)
    return variant


DAYS = [
    (dt.date(2026, 1, 14), 0, 0),
    (dt.date(2026, 1, 15), 10, 100),
    (dt.date(2026, 3, 1), 10, 100),
    (dt.date(2026, 3, 2), 20, 240),
    (dt.date(2026, 4, 9), 15, 180),
    (dt.date(2026, 5, 19), 15, 180),
]


@pytest.mark.parametrize(("day", "units", "value"), DAYS)
@pytest.mark.parametrize("has_snapshots", [False, True])
def test_a_day_is_worth_what_came_and_went_until_its_end(mug, day, units, value, has_snapshots):
    if has_snapshots:
        snapshots.make(now=NOW)

    worth = value_on(day, most=10)

    assert (worth.units, worth.value) == (units, value)
    assert sum(row.value for row in worth.rows) == value


def test_a_snapshot_is_made_of_every_month_that_is_over_once(mug):
    assert snapshots.make(now=NOW) == 4
    assert snapshots.make(now=NOW) == 0
    ends = StockSnapshot.objects.order_by("on").values_list("on", "on_hand", "value")
    assert list(ends) == [
        (dt.date(2026, 1, 31), 10, 100),
        (dt.date(2026, 2, 28), 10, 100),
        (dt.date(2026, 3, 31), 20, 240),
        (dt.date(2026, 4, 30), 15, 180),
    ]


def test_a_month_that_was_missed_is_made_up_for(mug):
    snapshots.make(now=at(3, 1))

    assert snapshots.make(now=NOW) == 2


def test_the_day_ends_when_it_ends_in_the_shop():
    # 23:30 of the first of June in London.
    move(VariantFactory(), 1, dt.datetime(2026, 6, 1, 22, 30, tzinfo=dt.UTC), value=8)
    move(VariantFactory(), 1, dt.datetime(2026, 6, 1, 23, 30, tzinfo=dt.UTC), value=9)

    assert value_on(dt.date(2026, 6, 1)).value == 8
    assert value_on(dt.date(2026, 6, 2)).value == 17


def test_a_place_holds_its_units_at_the_average_of_all(mug):
    shop = Location.objects.create(code="counter", name="Shop")
    move(mug, -6, at(4, 20), kind=Kind.TRANSFER)
    move(mug, 6, at(4, 20), kind=Kind.TRANSFER, location=shop)
    day = dt.date(2026, 4, 20)

    assert value_on(day, shop).value == 72
    assert value_on(day, default_location()).value == 108
    assert value_on(day).value == 180


def test_the_dearest_come_first_and_by_pages(mug):
    for value in (30, 300):
        move(VariantFactory(), 1, at(4, 1), value=value)
    day = dt.date(2026, 4, 30)

    first, second = value_on(day, most=2), value_on(day, most=2, skip=2)

    assert [row.value for row in (*first.rows, *second.rows)] == [300, 180, 30]
    assert first.variants == second.variants == 3
    assert first.value == 510


def test_a_page_beyond_the_last_still_knows_the_sum(mug):
    worth = value_on(dt.date(2026, 5, 1), most=10, skip=10)

    assert (worth.value, worth.rows) == (180, [])


def test_is_found_by_a_part_of_its_sku(mug):
    move(VariantFactory(sku="OTHER_50%"), 1, at(4, 1), value=9)
    day = dt.date(2026, 4, 30)

    assert value_on(day, search="other_50%").value == 9
    assert value_on(day, search="other-50%").value == 0


def test_the_average_of_a_row_is_its_cost_of_a_unit(mug):
    (row,) = value_on(dt.date(2026, 4, 30), most=5).rows

    assert (row.sku, row.average) == (mug.sku, 12)


@pytest.mark.parametrize("has_snapshots", [False, True])
def test_any_day_takes_two_queries(mug, has_snapshots, django_assert_num_queries):
    if has_snapshots:
        snapshots.make(now=NOW)

    with django_assert_num_queries(2):
        value_on(dt.date(2026, 5, 19), most=50)


def test_first_in_first_out_is_what_the_newest_deliveries_cost(mug):
    fifo = fifo_of([mug.pk])[mug.pk]

    # Ten at 14.00 and five at 10.00.
    assert (fifo.units, fifo.covered, fifo.value) == (15, 15, 190)
    assert fifo.average_value == 180
    assert fifo_total() == 190


def test_the_layers_of_a_variant_are_told_newest_first(mug):
    assert [(one.units, one.unit_cost, one.value) for one in layers(mug.pk)] == [
        (10, 14, 140),
        (5, 10, 50),
    ]


def test_units_that_no_delivery_explains_are_taken_at_the_average():
    variant = VariantFactory(cost=Decimal(3))
    move(variant, 2, at(1, 1), kind=Kind.COUNT)
    move(variant, 2, at(1, 2), value=10)

    fifo = fifo_of([variant.pk])[variant.pk]

    assert (fifo.covered, fifo.value) == (2, 18)


def test_what_is_gone_is_worth_nothing_either_way(mug):
    move(mug, -15, at(4, 30), kind=Kind.SALE)

    assert fifo_total() == 0
    assert layers(mug.pk) == []
    assert value_on(dt.date(2026, 4, 30)).variants == 0


def test_today_is_worth_what_the_valuations_say(mug):
    today = value_on(dt.date(2026, 5, 20))

    assert today.value == Valuation.objects.get(variant=mug).value
    assert Variant.objects.get(pk=mug.pk).cost == 12
