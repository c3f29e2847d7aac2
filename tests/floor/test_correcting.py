"""A correction by hand: the books, those who wait, and those who lose by it hear of it."""

from uuid import uuid4

import pytest
from django.utils import timezone

from inventory.models import Allocation, Backorder, Shortage
from inventory.services import backorders, stock
from inventory.services.stock import StockRefused, Why
from payments.models import JournalEntry
from shop.outbox.models import Message
from shop.processes import stocktaking
from tests.factories import placed_order, stock_of
from tests.factories.floor import shelved

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug(demo_market):
    return shelved(10)


def why():
    return Why(kind="adjustment", now=timezone.now(), reason="Found behind the door")


def test_units_that_went_are_booked_at_what_they_were_worth(mug):
    changed = stocktaking.correct(variant_id=mug.pk, change=-2, why=why())

    (movement,) = changed.movements
    entry = JournalEntry.objects.get(source=f"stock-movement-{movement.pk}")
    assert movement.value_change == -8
    assert sorted(line.amount for line in entry.lines.all()) == [-8, 8]


def test_a_count_that_was_right_moves_nothing(mug):
    before = JournalEntry.objects.count()

    changed = stocktaking.correct(variant_id=mug.pk, on_hand=10, why=why())

    assert changed.movements == []
    assert JournalEntry.objects.count() == before


def test_promises_hold_unless_they_are_to_give_way(demo_market):
    variant = placed_order(quantity=3).lines.get().variant

    with pytest.raises(StockRefused):
        stocktaking.correct(variant_id=variant.pk, on_hand=1, why=why())

    assert not Shortage.objects.exists()


def test_who_loses_by_it_is_told(demo_market):
    line = placed_order(quantity=3).lines.get()

    stocktaking.correct(variant_id=line.variant_id, on_hand=1, why=why(), take_back=True)

    shortage = Shortage.objects.get()
    assert (shortage.holder, shortage.quantity) == (line.holder, 2)
    assert stock_of(line.variant) == (1, 1)
    assert Message.objects.filter(topic="stock.tell_short").exists()


def test_who_waits_gets_what_was_found(mug):
    holder = uuid4()
    stock.allocate(lines={uuid4(): (mug.pk, 10)}, reference="x", now=timezone.now())
    backorders.wait(holder=holder, variant_id=mug.pk, units=2, now=timezone.now())

    stocktaking.correct(variant_id=mug.pk, change=3, why=why())

    assert Allocation.objects.get(holder=holder).quantity == 2
    assert not Backorder.objects.exists()
