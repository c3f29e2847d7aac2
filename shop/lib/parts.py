"""Parts of public pages, kept like the pages: under the shop's version, thrown away with it."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

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
