"""Parts of public pages, kept like the pages: under the shop's version, thrown away with it."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

from shop.lib.page_cache import KEEP, VERSION_KEY

T = TypeVar("T")


def kept(name: str, make: Callable[[], T]) -> T:
    """Return the part of this name, made anew once per version of the shop. Never keeps None."""
    try:
        # The version is read first: what is made while the shop moves on is filed under the old one.
        version = cache.get(VERSION_KEY, 0)
        key = f"part:{version}:{hashlib.sha256(name.encode()).hexdigest()}"
        found: T | None = cache.get(key)
        if found is None:
            found = make()
            cache.set(key, found, timeout=KEEP)
    except RedisError:
        return make()
    return found


def recall(name: str) -> Any:
    """What was kept by the clock under this name; None when nothing is, or no cache answers."""
    try:
        return cache.get(f"clock:{name}")
    except RedisError:
        return None


def keep(name: str, value: Any, *, seconds: int) -> None:
    """Keep a part for so long, whatever becomes of the shop's version: for what is slow to make."""
    with suppress(RedisError):
        cache.set(f"clock:{name}", value, timeout=seconds)
