"""Damaged units stand beside the good ones."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import Shortage, StockItem, StockMovement, Valuation
from inventory.services import stock
from inventory.services.stock import Lot, StockRefused, Why
from shop.lib.workdays import shop_day
from tests.factories import VariantFactory, in_stock
from tests.factories.shelves import batches_of, promise, put, put_batch, with_batches

pytestmark = pytest.mark.django_db
NOW = timezone.now()
WHY = Why(kind=StockMovement.Kind.DAMAGE, now=NOW, reason="fell from the shelf")


def _buckets(variant):
    item = StockItem.objects.get(variant=variant)
    return item.on_hand, item.damaged


def _damage(variant, units, **terms):
    return stock.damage(variant_id=variant.pk, units=units, why=WHY, **terms)


def test_a_damaged_unit_is_no_good_one_and_is_written_off():
    variant = VariantFactory(cost=None)
    put(variant, 3, value=Decimal("10.00"))

    changed = _damage(variant, 1)

    assert _buckets(variant) == (2, 1)
    assert changed.movements[0].value_change == Decimal("-3.333")
    assert Valuation.objects.get().units == 2


def test_what_is_promised_is_not_damaged_without_leave():
    variant = in_stock(3)
    holder = promise(variant, 3, NOW)

    with pytest.raises(StockRefused):
        _damage(variant, 1)
    _damage(variant, 1, take_back=True)

    assert Shortage.objects.get().holder == holder
    assert _buckets(variant) == (2, 1)


def test_what_is_thrown_away_is_gone():
    variant = in_stock(3)
    _damage(variant, 2)

    stock.scrap(variant_id=variant.pk, units=2, why=WHY)

    assert _buckets(variant) == (1, 0)


def test_no_more_is_thrown_away_than_is_damaged():
    variant = in_stock(3)
    _damage(variant, 1)

    with pytest.raises(StockRefused):
        stock.scrap(variant_id=variant.pk, units=2, why=WHY)
    with pytest.raises(StockRefused):
        stock.mend(variant_id=variant.pk, units=2, why=WHY)


def test_a_mended_unit_is_good_again_at_the_average():
    variant = VariantFactory(cost=None)
    put(variant, 3, value=Decimal("9.00"))
    _damage(variant, 1)

    changed = stock.mend(variant_id=variant.pk, units=1, why=WHY)

    assert _buckets(variant) == (3, 0)
    assert changed.movements[0].value_change == Decimal("3.000")


def test_a_batch_is_damaged_by_name_and_mended_into_it():
    day = shop_day(NOW) + dt.timedelta(days=90)
    tea = with_batches()
    put_batch(tea, 2, "B1", day)
    put_batch(tea, 2, "B2", day)

    _damage(tea, 2, batch=Lot("B2", day))
    assert batches_of(tea) == {"B1": 2}

    stock.mend(variant_id=tea.pk, units=1, why=WHY, batch=Lot("B2", day))
    assert batches_of(tea) == {"B1": 2, "B2": 1}
