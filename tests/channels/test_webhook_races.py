"""Workers side by side, and workers that die: sent once while all is well, and never not at all."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from channels.models import WebhookDelivery, WebhookEvent
from channels.services.webhooks import sending
from shop.outbox import delivery
from shop.outbox.models import Message
from tests.channels.listening import endpoint, happen, only, send
from tests.factories import paid_order
from tests.lib.webserver import Answer, serving

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 6


def at_once(work):
    def closing(_number):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(closing, range(WORKERS)))


def test_workers_side_by_side_send_each_delivery_once():
    with serving({"/hook": Answer(status=204)}) as server:
        one = endpoint(f"{server.url}/hook")
        for number in range(20):
            happen(key=f"order-{number}")

        tries = at_once(lambda: send(one.__class__.objects.get(pk=one.pk), server))

    ids = [headers["Mercer-Id"] for _path, headers, _body in server.posted]
    assert sum(tries) == len(ids) == len(set(ids)) == 20
    assert WebhookDelivery.objects.filter(state="delivered", tries=1).count() == 20


def test_many_who_see_the_same_thing_tell_it_once():
    endpoint("https://a.example")

    made = at_once(happen)

    assert len([one for one in made if one]) == 1
    assert WebhookEvent.objects.count() == WebhookDelivery.objects.count() == 1


def test_a_worker_that_dies_after_sending_leaves_it_due_with_the_same_id():
    now = timezone.now()
    with serving({"/hook": Answer(status=204)}) as server:
        one = endpoint(f"{server.url}/hook")
        happen(now=now)
        claimed = sending.claim(endpoint_id=one.pk, now=now)
        sending.attempt(claimed, now=now, trusted={server.door})
        # Here it dies: nothing is marked.

        assert send(one, server, now=now) == 0
        assert send(one, server, now=now + dt.timedelta(minutes=1)) == 1

    ids = {headers["Mercer-Id"] for _path, headers, _body in server.posted}
    assert len(server.posted) == 2
    assert len(ids) == 1
    assert (only().state, only().tries) == ("delivered", 2)


def test_a_worker_that_dies_before_sending_leaves_it_due():
    now = timezone.now()
    with serving({"/hook": Answer(status=204)}) as server:
        one = endpoint(f"{server.url}/hook")
        happen()
        sending.claim(endpoint_id=one.pk, now=now)

        send(one, server, now=now + dt.timedelta(minutes=1))

    assert len(server.posted) == 1
    assert only().state == "delivered"


def test_a_late_failure_does_not_undo_a_success():
    now = timezone.now()
    one = endpoint("https://a.example")
    happen(now=now)
    first = sending.claim(endpoint_id=one.pk, now=now)
    taken = sending.Outcome(is_taken=True, status=204, took_ms=1, words="")
    missed = sending.Outcome(is_taken=False, status=None, took_ms=1, words="Too late")

    sending.mark(first, taken, now=now)
    sending.mark(first, missed, now=now)

    assert (only().state, only().status) == ("delivered", 204)


def test_what_is_rolled_back_is_never_told():
    endpoint("https://a.example")

    class Broken(Exception):
        pass

    @transaction.atomic
    def break_off():
        happen()
        raise Broken

    with pytest.raises(Broken):
        break_off()

    assert not WebhookEvent.objects.exists()


def test_from_an_order_to_the_server_by_the_tasks_alone(monkeypatch):
    """The relay, the task that finds the words, the task that finds what is due, the sender."""
    sent = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, kwargs=None, **_how: sent.append((name, kwargs))
    )
    with serving({"/hook": Answer(status=204)}) as server:
        one = endpoint(f"{server.url}/hook", "order.paid")
        order = paid_order(payment_method="bank_transfer")
        _relay_news()
        current_app.tasks["webhooks.send_due"]()
        assert ("webhooks.send", {"endpoint_id": one.pk}) in sent
        count = len(sent)
        current_app.tasks["webhooks.send_due"]()
        assert len(sent) == count, "one worker at a time for an endpoint"

        cache.clear()
        send(one, server)

    ((_path, headers, body),) = server.posted
    assert headers["Mercer-Topic"] == "order.paid"
    assert order.number.encode() in body


def _relay_news():
    delivery.relay()
    for message in Message.objects.filter(topic="webhooks.happened"):
        current_app.tasks[message.topic](message_id=message.pk)
        message.refresh_from_db()
        assert message.done_at is not None


def test_the_sending_task_never_asks_a_private_address_and_gives_its_place_back():
    with serving({"/hook": Answer(status=204)}) as server:
        one = endpoint(f"{server.url}/hook")
        happen()

        current_app.tasks["webhooks.send"](endpoint_id=one.pk)

    assert server.posted == []
    assert only().tries == 1
    assert cache.get(f"webhooks-{one.pk}") is None
