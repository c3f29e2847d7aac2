"""Carriers are asked about what is on its way, seldom enough and never twice at once."""

import datetime as dt

import pytest
from django.utils import timezone

from orders.models import Return
from shipping.carriers import in_time
from shipping.models import Carrier, Fulfilment, Label, TrackingEvent
from shop.processes import labelling, tracking
from tests.factories import shipped_order
from tests.processes.test_returns import approved

pytestmark = pytest.mark.django_db
NUMBER = "2288160003"
NOW = timezone.now()


@pytest.fixture
def dhl(account):
    return account("dhl_express")


def on_its_way(carrier, number=NUMBER, **fields):
    parcel = shipped_order().fulfilments.get()
    values = {"carrier": carrier.name, "tracking_number": number} | fields
    Fulfilment.objects.filter(pk=parcel.pk).update(**values)
    return parcel


def poll(later=dt.timedelta(days=5)):
    return tracking.poll(now=lambda: timezone.now() + later)


def test_what_is_on_its_way_is_asked_for_and_followed(network, dhl):
    network("dhl_express")
    parcel = on_its_way(dhl)

    assert poll() == 1

    parcel.refresh_from_db()
    assert parcel.status == Fulfilment.Status.DELIVERED
    assert TrackingEvent.objects.filter(fulfilment=parcel).count() == 4


def test_nobody_is_asked_again_within_two_hours(network, dhl):
    asked = network("dhl_express")
    on_its_way(dhl, number="SOMETHING-ELSE", tracked_at=timezone.now() - dt.timedelta(minutes=90))

    assert poll(later=dt.timedelta(0)) == 0
    assert asked.kinds() == []
    poll(later=dt.timedelta(hours=1))
    poll(later=dt.timedelta(hours=1))
    assert asked.kinds() == ["track"]


def test_what_arrived_or_left_long_ago_or_has_our_own_label_is_left_alone(network, dhl):
    asked = network("dhl_express")
    on_its_way(dhl, status="delivered", delivered_at=NOW)
    on_its_way(dhl, shipped_at=NOW - dt.timedelta(days=90))
    on_its_way(dhl, number="")
    on_its_way(Carrier.objects.create(code="van", name="Our van"))
    own = on_its_way(dhl, number="10482-1")
    Label.objects.create(
        carrier=dhl,
        fulfilment=own,
        status="bought",
        tracking_number="10482-1",
        is_fallback=True,
        requested_at=NOW,
        key="own",
    )

    assert poll() == 0
    assert asked.kinds() == []


def test_without_keys_nobody_is_asked(dhl, settings):
    settings.CARRIER_KEYS = {}
    on_its_way(dhl)

    assert poll() == 0


def test_a_silent_carrier_is_asked_again_later(network, dhl, monkeypatch):
    monkeypatch.setattr(in_time, "CALL", 0.2)
    network("dhl_express", hangs=30.0)
    parcel = on_its_way(dhl)

    assert poll() == 0

    parcel.refresh_from_db()
    assert parcel.status == Fulfilment.Status.SHIPPED
    assert in_time.is_open("dhl_express:tracking")


def test_a_label_for_the_way_back_is_bought_once_and_followed(network, dhl):
    asked = network("dhl_express")
    rma = approved(shipped_order())
    method = labelling.buying.shipments.usual(rma.order)
    method.provider, method.service = dhl, "dhl_express_domestic"
    method.save()

    label = labelling.buy_for_return(rma_id=rma.pk, actor=None, now=NOW)
    again = labelling.buy_for_return(rma_id=rma.pk, actor=None, now=NOW)
    poll()

    rma.refresh_from_db()
    assert (label, label.rma) == (again, rma)
    assert asked.kinds() == ["label", "track"]
    assert (rma.carrier, rma.tracking_number) == (dhl.name, NUMBER)
    assert rma.status == Return.Status.IN_TRANSIT
    assert TrackingEvent.objects.filter(rma=rma).count() == 4
