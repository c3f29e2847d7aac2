"""Slow work on pictures, on its own queue. Each task gets the id of an outbox message."""

import datetime as dt
from collections.abc import Callable
from pathlib import PurePosixPath

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from catalog.models import Image
from catalog.services import images
from catalog.services.images import PictureRefused
from shop.lib.fetch import Fetched, safe_fetch
from shop.lib.network import FetchRefused
from shop.outbox import delivery
from shop.outbox.models import Message, post

# Some servers call every file octets: what it is, its content says.
KINDS = {
    *("image/png", "image/jpeg", "image/jpg", "image/webp", "image/avif", "image/gif"),
    *("application/octet-stream", "binary/octet-stream"),
}
FETCH_SECONDS = 20
# Every refresh lets go of kept pages: pictures that come together cause one.
CARDS_WAIT = 15
# While one worker is at it the relay waits; a killed worker's picture is taken up after this.
LEASE = dt.timedelta(minutes=3)
PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120)]

Fetcher = Callable[..., Fetched]


@delivery.delivers("images.render")
def render(*, image_id: int) -> None:
    """Make the copies of one picture, and owe its product fresh cards."""
    image = Image.objects.filter(pk=image_id).first()
    if image is not None and images.render(image=image):
        _owe_cards(image, timezone.now())


def _owe_cards(image: Image, now: dt.datetime) -> None:
    """Owe the product fresh cards, once for all its pictures that are done in these seconds.

    Cards are made further up; the outbox carries the wish there.
    """
    slot = int(now.timestamp()) // CARDS_WAIT
    due_at = dt.datetime.fromtimestamp((slot + 1) * CARDS_WAIT + 5, tz=dt.UTC)
    message = Message(
        topic="browsing.refresh_cards",
        key=f"cards-pictures-{image.product_id}-{slot}",
        payload={"product_ids": [image.product_id]},
        created_at=now,
        due_at=due_at,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)


@shared_task(name="images.fetch")
def fetch(*, message_id: int) -> None:
    """Fetch one picture from the address it was imported with."""
    fetch_owed(message_id=message_id, now=timezone.now())


def fetch_owed(*, message_id: int, now: dt.datetime, fetcher: Fetcher = safe_fetch) -> None:
    """Fetch what a message owes: take it, fetch with nothing locked, write in a short transaction.

    Done twice, it shows once: only an image that still has no file takes one.
    """
    taken = Message.objects.filter(pk=message_id, done_at=None).update(due_at=now + LEASE)
    if not taken:
        return
    message = Message.objects.get(pk=message_id)
    image = Image.objects.filter(pk=message.payload["image_id"], file="").first()
    if image is None:
        _done(message, now)
        return
    try:
        fetched = fetcher(
            image.source_url, max_bytes=images.MAX_BYTES, timeout=FETCH_SECONDS, kinds=KINDS
        )
        content = images.normalise(fetched.content)
    except (FetchRefused, PictureRefused) as refusal:
        _refused(message, image, refusal, now)
    else:
        _keep(message, image, content, now)


def _keep(message: Message, image: Image, content: bytes, now: dt.datetime) -> None:
    with transaction.atomic():
        empty = Image.objects.select_for_update().filter(pk=image.pk, file="").first()
        if empty is not None:
            images.place(image=empty, content=content)
            key = f"image-{image.pk}-render-{PurePosixPath(empty.file.name or '').stem}"
            post(topic="images.render", key=key, payload={"image_id": image.pk}, now=now)
            delivery.ring()
        _done(message, now)


def _refused(
    message: Message, image: Image, refusal: FetchRefused | PictureRefused, now: dt.datetime
) -> None:
    """Try again later where that may help, four times; else tell staff."""
    attempt = message.payload.get("attempt", 0)
    if getattr(refusal, "is_passing", False) and attempt < len(PAUSES):
        Message.objects.filter(pk=message.pk).update(
            payload={**message.payload, "attempt": attempt + 1},
            due_at=now + PAUSES[attempt],
            tries=0,
            last_error=refusal.message[:300],
        )
        return
    with transaction.atomic():
        images.fail(image=image, problem=refusal.message)
        _done(message, now)


def _done(message: Message, now: dt.datetime) -> None:
    Message.objects.filter(pk=message.pk).update(done_at=now, last_error="")
