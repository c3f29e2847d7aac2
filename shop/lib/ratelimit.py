"""Counting tries, so that guessing does not pay."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError


def too_often(request: HttpRequest, what: str, *, limit: int, seconds: int) -> bool:
    """Whether this address has tried more than `limit` times in a window of `seconds`.

    Closed when the counter can't be reached: this guards guesses, not browsing.
    """
    key = f"tries:{what}:{_address(request)}"
    try:
        if cache.add(key, 1, timeout=seconds):
            return False
        return bool(cache.incr(key) > limit)
    except ValueError:  # the window closed between the two calls
        return False
    except RedisError:
        return True


def _address(request: HttpRequest) -> str:
    """Who asks: the hop our own proxy saw, never one that the caller wrote down."""
    if settings.BEHIND_PROXY:
        hops: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
        return hops.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
