"""An endpoint to tell things to, on a server that a test runs."""

import datetime as dt
import json
from functools import partial

from django.utils import timezone

from channels.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from channels.services import webhooks
from shop.outbox.models import Message

SECRET = "whsec-for-tests"


def endpoint(url="https://merchant.example/hook", *topics, **fields):
    return WebhookEndpoint.objects.create(
        **{
            "name": "Till",
            "url": url,
            "secret": SECRET,
            "topics": list(topics) or ["order.*"],
            "created_at": timezone.now(),
            **fields,
        }
    )


def happen(topic="order.paid", key="order-1-paid", now=None, **data):
    return webhooks.happened(
        topic=topic,
        subject="order-1",
        key=key,
        payload=partial(dict, data or {"number": "1"}),
        at=now or timezone.now(),
    )


def send(one, server=None, now=None, seconds=5.0):
    """Send what is due to an endpoint, as a worker does."""
    tries = webhooks.send_waiting(
        endpoint_id=one.pk,
        clock=lambda: now or timezone.now(),
        seconds=seconds,
        trusted={server.door} if server else (),
    )
    one.refresh_from_db()
    return tries


def posted(server):
    """(headers, told) of every request."""
    return [(headers, json.loads(body)) for _path, headers, body in server.posted]


def only():
    return WebhookDelivery.objects.get()


def work_off():
    """What the outbox owes to webhooks, worked off as a worker does; returns the events."""
    for message in Message.objects.filter(topic="webhooks.happened", done_at=None).order_by("pk"):
        told = dict(message.payload)
        webhooks.hear(**{**told, "at": dt.datetime.fromisoformat(told["at"])})
        Message.objects.filter(pk=message.pk).update(done_at=timezone.now())
    return list(WebhookEvent.objects.order_by("pk"))
