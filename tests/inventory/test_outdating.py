"""At night what is past its date goes off sale, is written off, and whoever lost by it is told."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import StockItem, StockMovement
from payments.models import JournalEntry
from shop.lib.workdays import shop_day
from shop.outbox.models import Message
from shop.processes.stocktaking import outdating
from tests.factories.shelves import promise, put_batch, with_batches

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_sets_apart_writes_off_and_tells():
    tea = with_batches()
    tea.cost = Decimal("2.00")
    tea.save()
    put_batch(tea, 3, "B1", shop_day(NOW) - dt.timedelta(days=1))
    put_batch(tea, 2, "B2", shop_day(NOW) + dt.timedelta(days=90))
    promise(tea, 5, NOW - dt.timedelta(days=2))

    assert outdating.expire(now=NOW) == 1

    item = StockItem.objects.get(variant=tea)
    assert (item.on_hand, item.allocated, item.damaged) == (2, 2, 3)
    movement = StockMovement.objects.get(kind=StockMovement.Kind.DAMAGE)
    assert movement.value_change == Decimal("-6.000")
    assert JournalEntry.objects.filter(source=f"stock-movement-{movement.pk}").exists()
    assert Message.objects.filter(topic="stock.tell_short").count() == 1


def test_a_second_night_finds_nothing():
    tea = with_batches()
    put_batch(tea, 3, "B1", shop_day(NOW) - dt.timedelta(days=1))
    outdating.expire(now=NOW)

    assert outdating.expire(now=NOW) == 0
