"""Feeds are made by the clock, and when staff ask; webhooks are sent as they fall due."""

import datetime as dt
from typing import Any

from celery import current_app, shared_task
from django.core.cache import cache
from django.utils import timezone

from channels.models import Feed
from channels.services import feeds, webhooks
from shop.outbox.delivery import delivers
from shop.outbox.happenings import TOPIC

# An endpoint is sent to by one worker at a time, for so many seconds at a stretch.
STRETCH = 25.0
LEASE = 60


@shared_task(name="channels.make_feeds")
def make_feeds() -> None:
    """Make every published feed anew, one after another."""
    for feed in Feed.objects.filter(is_active=True).select_related("market").order_by("pk"):
        feeds.make(feed=feed, now=timezone.now())


@shared_task(name="channels.make_feed")
def make_feed(*, feed_id: int) -> None:
    """Make one feed anew."""
    feeds.make(feed=Feed.objects.select_related("market").get(pk=feed_id), now=timezone.now())


@delivers(TOPIC)
def hear(*, topic: str, key: str, facts: dict[str, Any], at: str) -> None:
    """Put news from the layers below into words, for the endpoints that want them."""
    webhooks.hear(topic=topic, key=key, facts=facts, at=dt.datetime.fromisoformat(at))


@shared_task(name="webhooks.send_due")
def send_due_webhooks() -> None:
    """Find the endpoints that something is due to; each has a task of its own."""
    now = timezone.now()
    webhooks.give_up(now=now)
    for endpoint_id in webhooks.endpoints_due(now=now).values_list("pk", flat=True):
        # Only to spare the endpoint: without the cache, claims still keep workers apart.
        if cache.add(_lease(endpoint_id), 1, timeout=LEASE):
            current_app.send_task("webhooks.send", kwargs={"endpoint_id": endpoint_id}, retry=False)


@shared_task(name="webhooks.send")
def send_webhooks(*, endpoint_id: int) -> None:
    """Send what is due to one endpoint."""
    try:
        webhooks.send_waiting(endpoint_id=endpoint_id, clock=timezone.now, seconds=STRETCH)
    finally:
        cache.delete(_lease(endpoint_id))


def _lease(endpoint_id: int) -> str:
    return f"webhooks-{endpoint_id}"
