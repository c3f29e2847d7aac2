"""Two at the same label: real threads, real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from shipping.carriers.base import News
from shipping.models import Fulfilment, Label, TrackingEvent
from shop.lib.errors import Refused
from shop.outbox.models import Message
from shop.processes import labelling, tracking
from tests.factories import in_stock, shipped_order
from tests.shipping.parcels import bought, parcel_of

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs):
    """What each answered, or how it was refused; all from the same moment on."""
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=20)
            return job()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_bought_by_two_at_once_it_is_one_label():
    parcel = parcel_of(bought((in_stock(grams=400), 1)))

    def buy():
        return labelling.buy(fulfilment_id=parcel.pk, carrier=None, actor=None, now=timezone.now())

    answers = at_once(*[buy] * 4)

    assert {answer.pk for answer in answers} == {Label.objects.get().pk}
    assert Label.objects.get().status == Label.Status.BOUGHT


def test_given_back_by_two_at_once_it_is_given_back_once():
    parcel = parcel_of(bought((in_stock(grams=400), 1)))
    label = labelling.buy(fulfilment_id=parcel.pk, carrier=None, actor=None, now=timezone.now())

    at_once(*[lambda: labelling.void(label_id=label.pk, actor=None, now=timezone.now())] * 3)

    label.refresh_from_db()
    assert label.status == Label.Status.VOIDED
    assert parcel.events.filter(axis="label", to_state="voided").count() == 1


def test_the_same_news_told_at_once_arrive_once():
    carrier = labelling.own_carrier()
    parcel = shipped_order().fulfilments.get()
    Fulfilment.objects.filter(pk=parcel.pk).update(carrier=carrier.name, tracking_number="N-1")
    now = timezone.now()
    news = [News("in_transit", "", "", now), News("delivered", "", "", now)]

    at_once(*[lambda: tracking.heard(number="N-1", carrier=carrier, news=news, now=now)] * 4)

    parcel.refresh_from_db()
    assert parcel.status == Fulfilment.Status.DELIVERED
    assert TrackingEvent.objects.count() == 2
    assert Message.objects.filter(topic="mail.parcel_delivered").count() == 1
    assert parcel.events.filter(to_state="delivered").count() == 1
