"""Making a feed: every variant is judged, what passes is written, the rest is noted with reasons.

The file before stays published until the new one is whole.
"""

import datetime as dt
import gzip
import io
import tempfile
import time
from dataclasses import dataclass, field
from typing import IO

from django.conf import settings
from django.core.files import File

from channels.models import Feed, FeedRejection, FeedRun
from channels.queries.judging import reasons
from channels.queries.making import Maker
from channels.queries.stock import Piece, pieces
from channels.services.writers import Write, writing

KEPT_RUNS = 14
AT_ONCE = 1000
# Longer than any making lasts: what is open for longer was cut short.
GIVEN_UP = dt.timedelta(minutes=15)
ENDINGS = {Feed.Kind.GOOGLE: "xml", Feed.Kind.META: "csv", Feed.Kind.CSV: "csv"}


@dataclass
class _Book:
    """What a run has left out so far, written down a thousand at a time."""

    run: FeedRun
    waiting: list[FeedRejection] = field(default_factory=list)

    def note(self, piece: Piece, why: list[str]) -> None:
        self.run.rejected += 1
        self.waiting += [
            FeedRejection(run=self.run, variant=piece.variant, reason=reason[:200])
            for reason in why
        ]
        if len(self.waiting) >= AT_ONCE:
            self.close()

    def close(self) -> None:
        FeedRejection.objects.bulk_create(self.waiting)
        self.waiting.clear()


def make(*, feed: Feed, now: dt.datetime) -> FeedRun | None:
    """Make a feed anew and publish it. None while another making of it is under way."""
    if FeedRun.objects.filter(feed=feed, finished_at=None, started_at__gt=now - GIVEN_UP).exists():
        return None
    run, begun = FeedRun.objects.create(feed=feed, started_at=now), time.monotonic()
    with tempfile.TemporaryFile() as kept:
        _fill(run, kept, now)
        kept.seek(0)
        run.finished_at = now + dt.timedelta(seconds=time.monotonic() - begun)
        run.file.save(f"{feed.name}.{ending_of(feed)}.gz", File(kept), save=False)
    run.save()
    _forget_old(feed)
    return run


def ending_of(feed: Feed) -> str:
    return ENDINGS[Feed.Kind(feed.kind)]


def published(feed: Feed) -> FeedRun | None:
    """The newest file that is whole."""
    runs = FeedRun.objects.filter(feed=feed, finished_at__isnull=False)
    return runs.order_by("-started_at", "-pk").first()


def _fill(run: FeedRun, kept: IO[bytes], now: dt.datetime) -> None:
    market = run.feed.market
    maker, book = Maker.of(market, now=now), _Book(run)
    with (
        gzip.GzipFile(fileobj=kept, mode="wb", mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
        writing(run.feed.kind, text, shop=settings.SHOP["name"], market=market) as write,
    ):
        for piece in pieces(market, now=now):
            _take(piece, maker, write, book)
    book.close()


def _take(piece: Piece, maker: Maker, write: Write, book: _Book) -> None:
    why = reasons(piece, maker.market)
    if why or piece.price is None:
        book.note(piece, why)
        return
    write(maker.offer(piece, piece.price))
    book.run.accepted += 1


def _forget_old(feed: Feed) -> None:
    old = FeedRun.objects.filter(feed=feed).order_by("-started_at", "-pk")[KEPT_RUNS:]
    for run in old:
        if run.file:
            run.file.delete(save=False)
        run.delete()
