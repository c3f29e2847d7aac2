"""Parts of public pages, kept like the pages: under the shop's version, void when it moves on."""

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

from shop.lib.page_cache import KEEP, current_version, version_at_hand

T = TypeVar("T")
# In each process, as bytes: whoever gets a part may do with it as he likes.
MOST_BYTES = 8 * 1024 * 1024


class Near:
    """The parts that this process has seen lately, so that it need not ask for them."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._held: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: str, version: str) -> bytes | None:
        with self._lock:
            found = self._held.get(key)
            if found is None or found[0] != version:
                return None
            self._held.move_to_end(key)
            return found[1]

    def hold(self, key: str, version: str, value: bytes) -> None:
        with self._lock:
            before = self._held.pop(key, None)
            self._bytes += len(value) - (len(before[1]) if before else 0)
            self._held[key] = (version, value)
            while self._bytes > self.most_bytes:
                _key, (_version, oldest) = self._held.popitem(last=False)
                self._bytes -= len(oldest)


near = Near(MOST_BYTES)


def kept(name: str, make: Callable[[], T]) -> T:
    """Return the part of this name, made anew once per version of the shop. Never keeps None."""
    # The version is read first: what is made while the shop moves on is filed under the old one.
    version = version_at_hand.get() or current_version()
    if version is None:
        return make()
    key = f"part:{hashlib.sha256(name.encode()).hexdigest()}"
    held = near.get(key, version) or _shared(key, version)
    if held is None:
        found = make()
        if found is not None:
            held = pickle.dumps(found)
            near.hold(key, version, held)
            with suppress(RedisError):
                cache.set(key, (version, held), timeout=KEEP)
        return found
    value: T = pickle.loads(held)  # noqa: S301 - written by the shop alone  # nosec B301
    return value


def _shared(key: str, version: str) -> bytes | None:
    try:
        found = cache.get(key)
    except RedisError:
        return None
    if found is None or found[0] != version:
        return None
    near.hold(key, version, found[1])
    held: bytes = found[1]
    return held


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
