"""Promises about parcels, walks and runs: each found when it is broken."""

import pytest
from django.utils import timezone

from orders.models import Order
from shipping.models import BulkRun, Fulfilment, FulfilmentLine, PickTask, PickWave
from shop.processes.bookkeeping.parcels import PARCELS
from tests.bulk.runs import asked, worked
from tests.demo.test_reconcile import broken
from tests.factories import in_stock, paid_order
from tests.picking.parcels import packed, prepared, scanned, wave_of

pytestmark = pytest.mark.django_db


def more_than_is_left():
    FulfilmentLine.objects.filter(fulfilment__status="pending").update(quantity=9)


def an_order_that_is_closed():
    parcel = Fulfilment.objects.get(status="pending")
    Order.objects.filter(pk=parcel.order_id).update(status="draft")


def packed_and_nobody_knows_when():
    Fulfilment.objects.filter(status="packed").update(packed_at=None)


def done_before_it_was():
    PickTask.objects.filter(done_at=None).update(done_at=timezone.now())


def over_too_early():
    PickWave.objects.filter(status="picking").update(status="picked")


def a_row_that_nobody_counted():
    BulkRun.objects.update(done=0)


BREAKS = {
    "parcels.assigned": more_than_is_left,
    "parcels.orders": an_order_that_is_closed,
    "parcels.history": packed_and_nobody_knows_when,
    "parcels.picks": done_before_it_was,
    "parcels.waves": over_too_early,
    "parcels.runs": a_row_that_nobody_counted,
}


def a_day_in_the_stock_room():
    variant = in_stock(20)
    prepared(paid_order(variant=variant))
    packed(paid_order(variant=variant))
    wave = wave_of(paid_order(variant=variant, quantity=3))
    scanned(wave, variant.sku)
    worked(asked("pack", paid_order(variant=variant)))


@pytest.mark.parametrize("name", [one.name for one in PARCELS])
def test_a_broken_promise_of_the_stock_room_is_found(name):
    a_day_in_the_stock_room()
    assert broken() == set()

    BREAKS[name]()

    assert name in broken()
