"""Figures, lists and files may be read from a replica of the database, never older than the question.

Before a page is read from there, the primary says how far its log has come, and the replica is given a
moment to come as far: whoever just wrote something reads it. A replica that lags, hangs or is gone costs
one page that moment; then the primary answers everything for a while.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError, connections
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase, StreamingHttpResponse

from shop.lib.databases import PRIMARY, REPLICA

View = Callable[..., HttpResponseBase]
PATIENCE, STEP = 0.1, 0.01  # seconds
AWAY = 30.0  # seconds
BROKEN = (OperationalError, InterfaceError)
_is_reading: ContextVar[bool] = ContextVar("is_reading", default=False)
_away = {"until": 0.0}


class Router:
    """Writes go to the primary; so do reads, but for those of a page that may read the replica."""

    def db_for_read(self, _model: type[Model], **_hints: Any) -> str:
        # Within a transaction everything belongs together.
        is_alone = not connections[PRIMARY].in_atomic_block
        return REPLICA if _is_reading.get() and is_alone else PRIMARY

    def db_for_write(self, _model: type[Model], **_hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, _one: Model, _other: Model, **_hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        return db == PRIMARY


def from_replica(view: View) -> View:
    """Let a page that only reads be read from the replica, where there is one and it is up to date."""

    @wraps(view)
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if REPLICA not in connections or request.method not in ("GET", "HEAD") or not is_current():
            return view(request, *args, **kwargs)
        try:
            with _reading():
                response = view(request, *args, **kwargs)
        except BROKEN:
            _leave_alone()
            return view(request, *args, **kwargs)
        if isinstance(response, StreamingHttpResponse):
            # What is written while it is sent is read after the view has come back.
            response.streaming_content = _read_on(response.streaming_content)  # type: ignore[arg-type]
        return response

    return reading


def is_current() -> bool:
    """Whether the replica has, within a moment, what the primary had committed when this was asked."""
    if time.monotonic() < _away["until"] or connections[PRIMARY].in_atomic_block:
        return False
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute("select pg_current_wal_flush_lsn()::text")
        [[place]] = cursor.fetchall()
    try:
        if _comes_to(place):
            return True
    except BROKEN:
        pass
    _leave_alone()
    return False


def _comes_to(place: str) -> bool:
    """A server that follows nobody has no place in the log, and is no replica."""
    end = time.monotonic() + PATIENCE
    while True:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(
                "select coalesce(pg_last_wal_replay_lsn() >= %s::pg_lsn, false)", [place]
            )
            [[is_there]] = cursor.fetchall()
        if is_there or time.monotonic() >= end:
            return bool(is_there)
        time.sleep(STEP)


def _leave_alone() -> None:
    _away["until"] = time.monotonic() + AWAY
    connections[REPLICA].close()


@contextmanager
def _reading() -> Iterator[None]:
    before = _is_reading.set(True)
    try:
        yield
    finally:
        _is_reading.reset(before)


def _read_on(pieces: Iterable[Any]) -> Iterator[Any]:
    left = iter(pieces)
    while True:
        with _reading():
            piece = next(left, None)
        if piece is None:
            return
        yield piece
