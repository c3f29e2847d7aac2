"""Writing down what happened, once, with a delivery for each endpoint that wants to know."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from channels.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from channels.services.webhooks.terms import MAY_BE, wildcard
from shop.lib import rulebook


def wanting(topic: str) -> "QuerySet[WebhookEndpoint]":
    """The endpoints in use that are told of a topic."""
    return _of(topic).order_by("pk")


def _of(*topics: str) -> "QuerySet[WebhookEndpoint]":
    names = {*topics, *map(wildcard, topics)}
    return WebhookEndpoint.objects.filter(is_active=True, topics__overlap=sorted(names))


def is_wanted(topic: str) -> bool:
    """Whether anybody wants news of a topic, or of what it may turn out to be."""
    topics = [topic, *filter(None, [MAY_BE.get(topic)])]
    return rulebook.kept(f"wanted:{topic}", lambda: _of(*topics).exists())


@transaction.atomic
def happened(
    *,
    topic: str,
    subject: str,
    key: str,
    payload: Callable[[], Mapping[str, Any]],
    at: dt.datetime,
    sequence: int | None = None,
) -> WebhookEvent | None:
    """Tell whoever wants to know, in the caller's transaction.

    None when nobody does (the payload is not even made then), or when the key was told before.
    sequence: grows with what happens to the subject; without it, this is the newest.
    """
    endpoints = list(wanting(topic))
    if not endpoints:
        return None
    event, is_new = WebhookEvent.objects.get_or_create(
        key=key,
        defaults={
            "topic": topic,
            "subject": subject,
            "payload": {"sequence": sequence or next_in_line(), "data": dict(payload())},
            "at": at,
        },
    )
    if not is_new:
        return None
    owe(event=event, endpoints=endpoints, due_at=at)
    return event


def owe(
    *,
    event: WebhookEvent,
    endpoints: Sequence[WebhookEndpoint],
    due_at: dt.datetime,
    is_replay: bool = False,
) -> list[WebhookDelivery]:
    """A delivery to each endpoint, due at a time."""
    return WebhookDelivery.objects.bulk_create(
        WebhookDelivery(endpoint=one, event=event, due_at=due_at, is_replay=is_replay)
        for one in endpoints
    )


def next_in_line() -> int:
    """A number above those of all that was owed before: the outbox numbers its messages so."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('outbox_message', 'id'))")
        return int(cursor.fetchone()[0])


def forget(*, before: dt.datetime) -> int:
    """Let go of what happened before a time, with its deliveries. Returns how many events."""
    old = WebhookEvent.objects.filter(at__lt=before)
    _rows, by_model = old.delete()
    return by_model.get(WebhookEvent._meta.label, 0)  # noqa: SLF001
