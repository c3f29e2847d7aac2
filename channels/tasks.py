"""Feeds are made by the clock, and when staff ask."""

from celery import shared_task
from django.utils import timezone

from channels.models import Feed
from channels.services import feeds


@shared_task(name="channels.make_feeds")
def make_feeds() -> None:
    """Make every published feed anew, one after another."""
    for feed in Feed.objects.filter(is_active=True).select_related("market").order_by("pk"):
        feeds.make(feed=feed, now=timezone.now())


@shared_task(name="channels.make_feed")
def make_feed(*, feed_id: int) -> None:
    """Make one feed anew."""
    feeds.make(feed=Feed.objects.select_related("market").get(pk=feed_id), now=timezone.now())
