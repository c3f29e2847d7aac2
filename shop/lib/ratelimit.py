"""Counting tries, so that guessing does not pay."""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError


def too_often(request: HttpRequest, what: str, *, limit: int, seconds: int) -> bool:
    """Whether this address has tried more than `limit` times in a window of `seconds`.

    Closed when the counter can't be reached: this guards guesses, not browsing.
    """
    return _is_over(f"tries:{what}:{_address(request)}", limit, seconds)


def is_shut(request: HttpRequest, what: str, *, limit: int) -> bool:
    """Whether this address has used up its tries; asking counts as none.

    For doors that count only what was wrong: `too_often` counts a miss, this looks before a try.
    """
    try:
        return int(cache.get(f"tries:{what}:{_address(request)}", 0)) >= limit
    except RedisError:
        return True


def too_often_at(target: str, what: str, *, limit: int, seconds: int) -> bool:
    """The same by what is tried at, an account for instance, wherever the tries come from."""
    digest = hashlib.sha256(target.encode()).hexdigest()[:32]
    return _is_over(f"tries:{what}:at:{digest}", limit, seconds)


def _is_over(key: str, limit: int, seconds: int) -> bool:
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
