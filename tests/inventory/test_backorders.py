"""Units that are sold before they are there, and what comes for those who wait."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from inventory.models import Allocation, Backorder, Shortage, StockItem, StockPolicy
from inventory.services import backorders, reservations, stock
from inventory.services.stock import Filled, OutOfStock
from shop.lib.workdays import shop_day
from tests.factories import VariantFactory, in_stock, stock_of
from tests.factories.ahead import on_order, preordered, sold_ahead
from tests.factories.shelves import place, promise, put

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = shop_day(NOW)


def _in(days):
    return TODAY + dt.timedelta(days=days)


def _waits(holder):
    return Backorder.objects.get(holder=holder).quantity


def _waiting(variant):
    return StockPolicy.objects.get(variant=variant).waiting


def test_what_is_missing_is_promised_ahead():
    variant = sold_ahead(in_stock(2), 5)

    holder = promise(variant, 6, NOW)

    assert Allocation.objects.get(holder=holder).quantity == 2
    assert _waits(holder) == 4
    assert _waiting(variant) == 4


def test_no_more_than_the_limit_is_promised_ahead():
    variant = sold_ahead(in_stock(2), 3)
    promise(variant, 3, NOW)

    with pytest.raises(OutOfStock) as refusal:
        promise(variant, 3, NOW)

    assert refusal.value.short == {variant.pk: 2}
    assert _waiting(variant) == 1


def test_a_shelf_variant_is_never_promised_ahead():
    variant = sold_ahead(in_stock(2), 3, selling=StockPolicy.Selling.SHELF)

    with pytest.raises(OutOfStock):
        promise(variant, 3, NOW)


def test_parts_of_bundles_are_not_promised_ahead_and_served_first():
    variant = sold_ahead(in_stock(3), 5)
    alone, part = uuid4(), uuid4()
    lines = {alone: (variant.pk, 2), part: (variant.pk, 2)}

    stock.allocate(lines=lines, reference="1", now=NOW, whole=[part])

    assert _waits(alone) == 1
    assert not Backorder.objects.filter(holder=part).exists()


def test_a_part_of_a_bundle_waits_for_nothing():
    variant, part = sold_ahead(in_stock(1), 5), uuid4()

    with pytest.raises(OutOfStock) as refusal:
        stock.allocate(lines={part: (variant.pk, 2)}, reference="2", now=NOW, whole=[part])

    assert refusal.value.short == {variant.pk: 1}


def test_the_day_is_that_of_the_delivery_with_units_nobody_is_owed():
    variant = sold_ahead(VariantFactory(), 9)
    on_order(variant, 2, _in(5))
    on_order(variant, 4, _in(9))
    first, second = promise(variant, 2, NOW), promise(variant, 1, NOW)

    promised = dict(Backorder.objects.values_list("holder", "promised_on"))

    assert promised == {first: _in(5), second: _in(9)}
    assert backorders.promise(variant_id=variant.pk, now=NOW) == _in(9)


def test_without_a_delivery_it_is_as_long_as_deliveries_take():
    variant = sold_ahead(VariantFactory(), 9, lead_days=12)

    assert backorders.promise(variant_id=variant.pk, now=NOW) == _in(12)


def test_a_delivery_that_is_late_is_promised_to_nobody():
    variant = sold_ahead(VariantFactory(), 9, lead_days=12)
    on_order(variant, 5, _in(-1))

    assert backorders.promise(variant_id=variant.pk, now=NOW) == _in(12)


def test_nobody_knows_when_a_shelf_variant_comes_again():
    assert backorders.promise(variant_id=VariantFactory().pk, now=NOW) is None


def test_promises_of_many_take_three_queries(django_assert_num_queries):
    variants = [sold_ahead(VariantFactory(), 9) for _ in range(4)]

    with django_assert_num_queries(3):
        found = backorders.promises(variant_ids=[one.pk for one in variants], now=NOW)

    assert set(found.values()) == {_in(21)}


def test_what_comes_goes_to_whoever_waits_longest():
    variant = sold_ahead(VariantFactory(), 9)
    old = promise(variant, 3, NOW)
    new = promise(variant, 3, NOW + dt.timedelta(seconds=1))
    put(variant, 4)

    filled = backorders.fill(variant_ids=[variant.pk], now=NOW, reference="GR-1")

    assert filled == [Filled(old, variant.pk, 3, 0), Filled(new, variant.pk, 1, 2)]
    assert stock_of(variant) == (4, 4)
    assert not Backorder.objects.filter(holder=old).exists()
    assert _waits(new) == 2
    assert _waiting(variant) == 2


def test_filling_with_nothing_there_fills_nobody():
    variant = sold_ahead(VariantFactory(), 9)
    promise(variant, 3, NOW)

    assert backorders.fill(variant_ids=[variant.pk], now=NOW) == []


def test_a_filled_line_adds_to_what_it_has_already():
    variant = sold_ahead(in_stock(2), 9)
    holder = promise(variant, 3, NOW)
    put(variant, 5)

    backorders.fill(variant_ids=[variant.pk], now=NOW)

    assert Allocation.objects.get(holder=holder).quantity == 3
    assert stock_of(variant) == (7, 3)


def test_a_wait_is_filled_from_several_locations():
    variant = sold_ahead(VariantFactory(), 9)
    holder = promise(variant, 5, NOW)
    put(variant, 3, place("leeds", 1))
    put(variant, 3, place("london", 2))

    backorders.fill(variant_ids=[variant.pk], now=NOW)

    taken = Allocation.objects.filter(holder=holder).values_list("quantity", flat=True)
    assert sorted(taken) == [2, 3]


def test_units_that_others_wait_for_are_not_sold_past_them():
    variant = sold_ahead(VariantFactory(), 9)
    promise(variant, 3, NOW)
    put(variant, 4)

    late = promise(variant, 2, NOW)

    assert Allocation.objects.get(holder=late).quantity == 1
    assert _waits(late) == 1


def test_a_preorder_waits_though_units_are_there():
    variant = preordered(in_stock(5), _in(10))

    holder = promise(variant, 2, NOW)

    row = Backorder.objects.get(holder=holder)
    assert (row.kind, row.promised_on) == ("preorder", _in(10))
    assert stock_of(variant) == (5, 0)
    assert backorders.fill(variant_ids=[variant.pk], now=NOW) == []


def test_a_preorder_is_filled_from_its_first_day_on():
    variant = preordered(in_stock(5), _in(10))
    holder = promise(variant, 2, NOW)

    filled = backorders.fill(variant_ids=[variant.pk], now=NOW + dt.timedelta(days=10))

    assert filled == [Filled(holder, variant.pk, 2, 0)]


def test_a_preorder_has_a_cap_and_ends_with_its_first_day():
    variant = preordered(VariantFactory(), _in(10), limit=2)
    promise(variant, 2, NOW)

    with pytest.raises(OutOfStock) as too_many:
        promise(variant, 1, NOW)
    with pytest.raises(OutOfStock) as too_late:
        promise(variant, 1, NOW + dt.timedelta(days=10))

    assert too_many.value.short == too_late.value.short == {variant.pk: 0}


def test_nothing_of_a_preorder_is_reserved():
    variant = preordered(in_stock(5), _in(10))

    missing = reservations.reserve(holder=uuid4(), wanted={variant.pk: 2}, now=NOW, until=NOW)

    assert missing == {variant.pk: 2}


def test_a_released_holder_waits_no_longer():
    variant = sold_ahead(in_stock(1), 9)
    holder = promise(variant, 3, NOW)

    assert stock.release(holders=[holder], reference="1", now=NOW) == [variant.pk]

    assert not Backorder.objects.exists()
    assert _waiting(variant) == 0
    assert stock_of(variant) == (1, 0)


def test_who_lost_units_waits_outside_the_limit_and_in_his_old_place():
    variant = sold_ahead(VariantFactory(), 2)
    promise(variant, 2, NOW)
    lost = uuid4()

    backorders.wait(
        holder=lost, variant_id=variant.pk, units=3, now=NOW, since=NOW - dt.timedelta(days=2)
    )

    assert _waiting(variant) == 2
    put(variant, 3)
    filled = backorders.fill(variant_ids=[variant.pk], now=NOW)
    assert [one.holder for one in filled] == [lost]


def test_who_waits_already_waits_for_both():
    variant = sold_ahead(VariantFactory(), 2)
    holder = promise(variant, 2, NOW)

    row = backorders.wait(holder=holder, variant_id=variant.pk, units=3, now=NOW)

    assert (row.kind, _waits(holder), _waiting(variant)) == ("short", 5, 0)


def test_says_for_which_variants_somebody_could_be_served():
    there, gone = sold_ahead(VariantFactory(), 9), sold_ahead(VariantFactory(), 9)
    for variant in (there, gone):
        promise(variant, 1, NOW)
    put(there, 1)

    assert backorders.fillable() == [there.pk]


def test_release_settles_what_a_holder_was_short_of():
    variant = in_stock(1)
    holder = uuid4()
    Shortage.objects.create(holder=holder, variant=variant, quantity=1, noticed_at=NOW)

    stock.release(holders=[holder], reference="1", now=NOW)

    row = Shortage.objects.get()
    assert (row.outcome, row.settled_at) == ("cancel", NOW)
    assert StockItem.objects.get().allocated == 0
