"""The broker is a doorbell: rung once, not waited for, and what is urgent comes first."""

from uuid import uuid4

import pytest
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu import Connection, Queue
from kombu.exceptions import OperationalError

from shop.embedded.plan import QUEUES
from shop.lib.breaker import Breaker
from shop.outbox import delivery
from shop.outbox.models import Message, post


@pytest.fixture
def bell(monkeypatch):
    """Every task that was handed to the broker; with `bell.fails` it is not reached."""

    class Bell(list):
        fails = False

        def send_task(self, name, **_how):
            self.append(name)
            if self.fails:
                raise OperationalError("nobody there")

    bell = Bell()
    monkeypatch.setattr(current_app, "send_task", bell.send_task)
    monkeypatch.setattr(delivery, "broker", Breaker(patience=1, rest=60))
    return bell


@pytest.mark.django_db(transaction=True)
def test_it_rings_once_for_all_that_a_transaction_owes(bell):
    with transaction.atomic():
        for _time in range(4):
            delivery.ring()

    assert bell == ["outbox.relay"]


@transaction.atomic
def ring_in_vain():
    delivery.ring()
    raise KeyError


@pytest.mark.django_db(transaction=True)
def test_it_rings_for_what_is_kept_after_a_part_was_rolled_back(bell):
    with transaction.atomic():
        with pytest.raises(KeyError):
            ring_in_vain()
        delivery.ring()

    assert bell == ["outbox.relay"]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_gone_is_not_rung_again_and_nothing_is_lost(bell):
    bell.fails = True
    for number in range(3):
        post(topic="mail.x", key=f"m{number}", payload={}, now=timezone.now())
        delivery.ring()
    delivery.relay()

    assert bell == ["outbox.relay"]
    assert Message.objects.filter(topic="mail.x", done_at=None, failed_at=None).count() == 3


def test_an_urgent_mail_overtakes_a_hundred_reports():
    mark = uuid4().hex
    queues = [Queue(f"{mark}-{name}") for name in QUEUES.split(",")]
    came = []
    with Connection(
        settings.CELERY_BROKER_URL, transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS
    ) as line:
        with line.Producer() as producer:
            for name in ["reports"] * 100 + ["default", "mail", "checkout"]:
                queue = Queue(f"{mark}-{name}")
                producer.publish({"of": name}, routing_key=queue.name, declare=[queue])
        consumer = line.Consumer(queues, callbacks=[lambda body, message: came.append(body["of"])])
        with consumer:
            consumer.qos(prefetch_count=4)
            while len(came) < 4:
                line.drain_events(timeout=5)
        for queue in queues:
            queue.bind(line.default_channel).delete()

    assert came == ["checkout", "mail", "reports", "reports"]
