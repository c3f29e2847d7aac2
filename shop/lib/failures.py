"""The last jobs that broke off, kept in the cache: the name and the kind of error, nothing they held."""

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

KEY = "failures"
MOST = 50


@dataclass(frozen=True, slots=True)
class Failure:
    """What broke off: a task, at a time, of a kind of error."""

    name: str
    error: str
    at: dt.datetime


def note(*, name: str, error: str, now: dt.datetime) -> None:
    """Two that come in the same instant may lose one of them. A silent cache loses all."""
    try:
        kept: list[Failure] = cache.get(KEY) or []
        cache.set(KEY, [Failure(name, error, now), *kept][:MOST], timeout=None)
    except RedisError:
        return


def recent() -> list[Failure]:
    """Newest first."""
    kept: list[Failure] = cache.get(KEY) or []
    return kept
