"""Promises about labels and what carriers told: each found when it is broken."""

import datetime as dt

import pytest
from django.utils import timezone

from orders.models import Order
from shipping.carriers.base import News
from shipping.models import Fulfilment, Label
from shop.processes import bookkeeping, labelling, tracking
from shop.processes.bookkeeping.carriage import CARRIAGE
from tests.demo.test_reconcile import broken
from tests.factories import paid_order, shipped_order
from tests.picking.parcels import packed

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def another_number():
    Fulfilment.objects.filter(status="packed").update(tracking_number="SOMEBODY ELSE'S")


def given_back_and_nobody_wrote_it():
    Label.objects.update(status="voided")


def asked_for_and_forgotten():
    Label.objects.update(status="voiding", requested_at=NOW - dt.timedelta(hours=2))


def out_of_thin_air():
    Fulfilment.objects.filter(status="packed").update(tracking_status="exception")


def arrived_some_day():
    Fulfilment.objects.filter(status="delivered").update(delivered_at=None)


def not_all_of_it():
    Order.objects.filter(fulfillment_status="delivered").update(fulfillment_status="fulfilled")


BREAKS = {
    "labels.numbers": another_number,
    "labels.history": given_back_and_nobody_wrote_it,
    "labels.waiting": asked_for_and_forgotten,
    "tracking.told": out_of_thin_air,
    "tracking.arrived": arrived_some_day,
    "tracking.orders": not_all_of_it,
}


def a_day_on_the_road():
    now = timezone.now
    (waiting,) = packed(paid_order())
    labelling.buy(fulfilment_id=waiting.pk, carrier=None, actor=None, now=now())
    parcel = shipped_order().fulfilments.get()
    carrier = labelling.own_carrier()
    parcel.carrier, parcel.tracking_number = carrier.name, "10482-1"
    parcel.save()
    news = [News("in_transit", "", "", now()), News("delivered", "", "", now())]
    tracking.heard(number="10482-1", carrier=carrier, news=news, now=now())


@pytest.mark.parametrize("name", [one.name for one in CARRIAGE])
def test_a_broken_promise_of_the_road_is_found(name):
    a_day_on_the_road()
    assert broken() == set()

    BREAKS[name]()

    assert name in {one.name for one in bookkeeping.reconcile(now=timezone.now())}
