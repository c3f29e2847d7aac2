from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from inventory.models import Allocation, StockItem, StockMovement
from inventory.queries import availability
from inventory.services import stock
from inventory.services.stock import OutOfStock, StockRefused, Why
from tests.factories import VariantFactory, in_stock, stock_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def _allocate(variant, quantity):
    holder = uuid4()
    stock.allocate(lines={holder: (variant.pk, quantity)}, reference="10001", now=NOW)
    return holder


def _sums(variant):
    rows = StockMovement.objects.filter(stock_item__variant=variant)
    sums = rows.aggregate(on_hand=Sum("on_hand_change"), allocated=Sum("allocated_change"))
    return sums["on_hand"], sums["allocated"]


def test_sets_units_aside():
    variant = in_stock(5)

    _allocate(variant, 2)

    assert stock_of(variant) == (5, 2)
    assert availability([variant.pk])[variant.pk].available == 3


def test_takes_nothing_when_one_line_is_short():
    plenty, scarce = in_stock(5), in_stock(1)

    with pytest.raises(OutOfStock) as refusal:
        stock.allocate(
            lines={uuid4(): (plenty.pk, 2), uuid4(): (scarce.pk, 2)}, reference="1", now=NOW
        )

    assert refusal.value.short == {scarce.pk: 1}
    assert stock_of(plenty) == (5, 0)
    assert not Allocation.objects.exists()


def test_two_lines_of_one_variant_are_counted_together():
    variant = in_stock(3)

    with pytest.raises(OutOfStock):
        stock.allocate(
            lines={uuid4(): (variant.pk, 2), uuid4(): (variant.pk, 2)}, reference="1", now=NOW
        )


def test_a_variant_without_stock_item_is_sold_out():
    variant = VariantFactory()

    with pytest.raises(OutOfStock) as refusal:
        _allocate(variant, 1)

    assert refusal.value.short == {variant.pk: 0}


def test_safety_stock_is_never_promised():
    variant = in_stock(5)
    StockItem.objects.filter(variant=variant).update(safety=4)

    with pytest.raises(OutOfStock):
        _allocate(variant, 2)


def test_released_units_can_be_sold_again():
    variant = in_stock(2)
    holder = _allocate(variant, 2)

    freed = stock.release(holders=[holder], reference="10001", now=NOW)

    assert freed == [variant.pk]
    assert stock_of(variant) == (2, 0)


def test_releasing_twice_frees_once():
    variant = in_stock(2)
    holder = _allocate(variant, 2)

    stock.release(holders=[holder], reference="10001", now=NOW)
    stock.release(holders=[holder], reference="10001", now=NOW)

    assert stock_of(variant) == (2, 0)


def test_shipped_units_leave_the_shelf():
    variant = in_stock(5)
    holder = _allocate(variant, 3)

    stock.consume(quantities={holder: 2}, reference="10001", actor=None, now=NOW)

    assert stock_of(variant) == (3, 1)
    assert Allocation.objects.get(holder=holder).quantity == 1


def test_nothing_leaves_that_was_not_set_aside():
    variant = in_stock(5)
    holder = _allocate(variant, 1)

    with pytest.raises(StockRefused):
        stock.consume(quantities={holder: 2}, reference="10001", actor=None, now=NOW)


def test_counting_fewer_than_are_promised_is_refused():
    variant = in_stock(5)
    _allocate(variant, 3)

    with pytest.raises(StockRefused):
        stock.set_on_hand(variant_id=variant.pk, on_hand=2, why=Why(StockMovement.Kind.COUNT, NOW))


def test_the_movements_add_up_to_the_stock():
    variant = in_stock(9)
    first, second = _allocate(variant, 3), _allocate(variant, 2)
    stock.consume(quantities={first: 2}, reference="1", actor=None, now=NOW)
    stock.release(holders=[first, second], reference="1", now=NOW)
    stock.set_on_hand(variant_id=variant.pk, on_hand=4, why=Why(StockMovement.Kind.COUNT, NOW))

    assert _sums(variant) == stock_of(variant) == (4, 0)


@pytest.mark.parametrize(
    "broken",
    [{"on_hand": -1}, {"allocated": -1}, {"allocated": 6}],
    ids=["negative", "negative promise", "oversold"],
)
def test_the_database_refuses_impossible_stock(broken):
    variant = in_stock(5)

    with pytest.raises(IntegrityError), transaction.atomic():
        StockItem.objects.filter(variant=variant).update(**broken)
