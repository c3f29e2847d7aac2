"""Where reservations, backorders and counts meet over the same shelf: real threads."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from inventory.models import Allocation, Backorder, Reservation
from inventory.services import backorders, reservations, stock
from tests.factories import VariantFactory, in_stock, stock_of
from tests.factories.ahead import sold_ahead
from tests.factories.shelves import place, promise, put
from tests.inventory import stock_sums
from tests.inventory.test_races import _at_once

pytestmark = pytest.mark.django_db(transaction=True)


def _reserve(variant, units=1):
    now = timezone.now()
    until = now + dt.timedelta(minutes=15)
    return reservations.reserve(holder=uuid4(), wanted={variant.pk: units}, now=now, until=until)


def test_the_last_unit_is_kept_for_one_shopper():
    variant = in_stock(1)

    missing = _at_once([lambda: _reserve(variant)] * 6)

    assert missing.count({}) == 1
    assert Reservation.objects.get().quantity == 1


def test_the_limit_of_backorders_holds_against_a_crowd():
    variant = sold_ahead(VariantFactory(), 4)

    def order():
        try:
            return bool(promise(variant, 1))
        except stock.OutOfStock:
            return False

    assert sum(_at_once([order] * 8)) == 4
    assert stock_sums.wrong() == {}


def test_who_cancels_while_goods_come_holds_nothing():
    variant = sold_ahead(VariantFactory(), 4)
    holder = promise(variant, 3)
    put(variant, 3)

    _at_once(
        [
            lambda: backorders.fill(variant_ids=[variant.pk], now=timezone.now()),
            lambda: stock.release(holders=[holder], reference="1", now=timezone.now()),
        ]
    )

    assert not Allocation.objects.exists()
    assert not Backorder.objects.exists()
    assert stock_of(variant) == (3, 0)


def test_deliveries_to_a_new_location_make_one_stock_item():
    variant, south = VariantFactory(), place("south", 2)

    _at_once([lambda: put(variant, 1, south)] * 6)

    assert stock_of(variant) == (6, 0)
    assert stock_sums.wrong() == {}
