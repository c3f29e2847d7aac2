"""Promises about what is fetched at a shop of ours: each found when it is broken."""

import pytest
from django.utils import timezone

from inventory.services.stock import default_location
from orders.models import Order
from shipping.models import Fulfilment
from shop.processes import bookkeeping
from shop.processes.bookkeeping.collected import COLLECTED
from tests.demo.test_reconcile import broken
from tests.processes.test_collecting import STUDIO, packed

pytestmark = pytest.mark.django_db


def lies_ready():
    return packed(pickup=STUDIO | {"code": default_location().code})


def without_a_code():
    Fulfilment.objects.update(collect_code="")


def nobody_was_told():
    Fulfilment.objects.update(collect_code="", ready_at=None)


def somewhere_else():
    order = Order.objects.get()
    order.pickup["code"] = "elsewhere"
    order.save()


BREAKS = {
    "collected.codes": without_a_code,
    "collected.ready": nobody_was_told,
    "collected.place": somewhere_else,
}


def test_every_promise_is_broken_once():
    assert set(BREAKS) == {one.name for one in COLLECTED}


def test_a_parcel_that_lies_ready_breaks_none():
    lies_ready()

    assert not {name for name in broken() if name.startswith("collected.")}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_promise_is_found(name):
    lies_ready()

    BREAKS[name]()

    found = bookkeeping.reconcile(now=timezone.now())
    assert name in {one.name for one in found}
