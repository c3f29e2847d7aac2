"""A count is believed: what is not there can't stay promised."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from inventory.models import Allocation, Reservation, Shortage, StockItem, StockMovement, Valuation
from inventory.services import reservations, stock
from inventory.services.stock import StockRefused, Why
from tests.factories import VariantFactory, in_stock, stock_of
from tests.factories.shelves import item_at, place, promise, put

pytestmark = pytest.mark.django_db
NOW = timezone.now()
Kind = StockMovement.Kind
WHY = Why(kind=Kind.COUNT, now=NOW, reason="stock take", reference="SC-1001")


def _set(variant, on_hand, **terms):
    return stock.set_on_hand(variant_id=variant.pk, on_hand=on_hand, why=WHY, **terms)


def test_reservations_go_before_orders_do():
    variant = in_stock(5)
    holder = promise(variant, 3, NOW)
    reservations.reserve(holder=uuid4(), wanted={variant.pk: 2}, now=NOW, until=NOW)

    changed = _set(variant, 2, take_back=True)

    assert not Reservation.objects.exists()
    assert Allocation.objects.get(holder=holder).quantity == 2
    assert [(one.holder, one.quantity) for one in changed.shortages] == [(holder, 1)]
    assert stock_of(variant) == (2, 2)


def test_the_youngest_promise_is_taken_back_first():
    variant = in_stock(6)
    old = promise(variant, 3, NOW - dt.timedelta(hours=1))
    new = promise(variant, 3, NOW)

    _set(variant, 2, take_back=True)

    short = dict(Shortage.objects.values_list("holder", "quantity"))
    assert short == {new: 3, old: 1}
    assert dict(Allocation.objects.values_list("holder", "quantity")) == {old: 2}


def test_a_shortage_says_why_and_when():
    variant = in_stock(1)
    promise(variant, 1, NOW)

    _set(variant, 0, take_back=True)

    row = Shortage.objects.get()
    assert (row.variant, row.reason, row.noticed_at) == (variant, "stock take", NOW)


def test_who_was_short_before_is_short_of_more():
    variant = in_stock(3)
    promise(variant, 3, NOW)
    _set(variant, 2, take_back=True)

    _set(variant, 0, take_back=True)

    assert Shortage.objects.get().quantity == 3


def test_without_leave_nothing_is_taken_back_and_nothing_changes():
    variant = in_stock(3)
    promise(variant, 2, NOW)
    reservations.reserve(holder=uuid4(), wanted={variant.pk: 1}, now=NOW, until=NOW)

    with pytest.raises(StockRefused):
        _set(variant, 1)

    assert stock_of(variant) == (3, 2)
    assert Reservation.objects.exists()


def test_what_is_taken_back_leaves_a_movement_too():
    variant = in_stock(3)
    promise(variant, 3, NOW)

    changed = _set(variant, 1, take_back=True)

    moved = [(one.kind, one.on_hand_change, one.allocated_change) for one in changed.movements]
    assert moved == [(Kind.RELEASE, 0, -2), (Kind.COUNT, -2, 0)]
    assert {one.reference for one in changed.movements} == {"SC-1001"}


def test_no_more_goes_than_there_is():
    variant = in_stock(3)

    with pytest.raises(StockRefused, match="3"):
        stock.change_on_hand(variant_id=variant.pk, change=-4, why=WHY)


def test_a_count_that_was_right_moves_nothing():
    variant = in_stock(3)

    assert _set(variant, 3).movements == []


def test_other_locations_stay_as_they_are():
    variant, north, south = VariantFactory(), place("leeds", 1), place("london", 2)
    put(variant, 3, north)
    put(variant, 4, south)
    promise(variant, 7, NOW)

    _set(variant, 0, location=south, take_back=True)

    assert (item_at(variant, north).on_hand, item_at(variant, north).allocated) == (3, 3)
    assert Shortage.objects.get().quantity == 4


def test_a_new_stock_item_is_made_where_there_was_none():
    variant, south = in_stock(2), place("south", 9)

    put(variant, 4, south)

    assert item_at(variant, south).on_hand == 4
    assert StockItem.objects.filter(variant=variant).count() == 2


def test_each_change_says_what_it_was_worth():
    variant = VariantFactory(cost=None)
    put(variant, 3, value=Decimal("10.00"))

    changed = stock.change_on_hand(variant_id=variant.pk, change=-1, why=WHY)

    assert changed.movements[0].value_change == Decimal("-3.333")
    assert Valuation.objects.get(variant=variant).value == Decimal("6.667")


def test_moving_units_between_locations_is_worth_nothing():
    variant, south = VariantFactory(), place("south", 9)
    put(variant, 3, value=Decimal("9.00"))
    moved = Why(kind=Kind.TRANSFER, now=NOW, reference="TR-1")

    out = stock.change_on_hand(variant_id=variant.pk, change=-2, why=moved)
    stock.change_on_hand(variant_id=variant.pk, change=2, why=moved, location=south)

    assert out.movements[0].value_change == 0
    assert Valuation.objects.get(variant=variant).value == Decimal("9.00")
