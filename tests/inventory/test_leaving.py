"""What leaves with a parcel, where it leaves from, and what it cost."""

from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import Allocation
from inventory.services import stock
from inventory.services.stock import StockRefused
from tests.factories import VariantFactory
from tests.factories.shelves import item_at, place, promise, put

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def _send(quantities, **terms):
    return stock.consume(quantities=quantities, reference="1", actor=None, now=NOW, **terms)


def test_says_what_left_and_what_it_cost():
    mug, bowl = VariantFactory(cost=None), VariantFactory(cost=None)
    put(mug, 3, value=Decimal("10.00"))
    put(bowl, 2, value=Decimal("8.00"))
    quantities = {promise(mug, 2, NOW): 2, promise(bowl, 1, NOW): 1}

    left = _send(quantities)

    assert left.variant_ids == sorted([mug.pk, bowl.pk])
    assert left.cost == Decimal("10.667")


def test_the_last_unit_takes_the_rest_of_the_value():
    mug = VariantFactory(cost=None)
    put(mug, 3, value=Decimal("10.00"))
    holder = promise(mug, 3, NOW)

    costs = [_send({holder: 1}).cost for _ in range(3)]

    assert sum(costs) == Decimal("10.000")


def test_a_parcel_takes_only_what_lies_where_it_is_packed():
    mug, north, south = VariantFactory(), place("leeds", 1), place("london", 2)
    put(mug, 2, north)
    put(mug, 3, south)
    holder = promise(mug, 5, NOW)

    _send({holder: 3}, location=south)

    assert item_at(mug, south).on_hand == 0
    assert item_at(mug, north).on_hand == 2
    assert Allocation.objects.get(holder=holder).stock_item == item_at(mug, north)


def test_nothing_leaves_from_where_it_is_not_set_aside():
    mug, north, south = VariantFactory(), place("leeds", 1), place("london", 2)
    put(mug, 2, north)
    put(mug, 3, south)
    holder = promise(mug, 3, NOW)

    with pytest.raises(StockRefused):
        _send({holder: 1}, location=north)

    assert item_at(mug, south).on_hand == 3
