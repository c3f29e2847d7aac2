"""Parts of public pages, kept like the pages: under the shop's version, void when it moves on."""

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

from shop.lib.frozen import is_frozen
from shop.lib.page_cache import KEEP, current_version, version_at_hand

T = TypeVar("T")
# In each process, by what a part takes when it is written down; as a value it takes so much more.
MOST_BYTES, AS_VALUE = 8 * 1024 * 1024, 4


@dataclass(frozen=True, slots=True)
class Held:
    """A part at hand: as it is where nobody can change it, else written down, so that each gets his own."""

    version: str
    size: int
    value: Any = None
    written: bytes | None = None

    @classmethod
    def of(cls, version: str, value: Any, written: bytes) -> "Held":
        if is_frozen(value):
            often = 1 if isinstance(value, str) else AS_VALUE
            return cls(version, len(written) * often, value=value)
        return cls(version, len(written), written=written)

    def again(self) -> Any:
        if self.written is None:
            return self.value
        return pickle.loads(self.written)  # noqa: S301 - written by the shop alone  # nosec B301


class Near:
    """The parts that this process has seen lately, so that it need not ask for them."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, name: str, version: str) -> Held | None:
        with self._lock:
            found = self._held.get(name)
            if found is None or found.version != version:
                return None
            self._held.move_to_end(name)
            return found

    def hold(self, name: str, found: Held) -> None:
        with self._lock:
            before = self._held.pop(name, None)
            self._bytes += found.size - (before.size if before else 0)
            self._held[name] = found
            while self._bytes > self.most_bytes:
                _name, oldest = self._held.popitem(last=False)
                self._bytes -= oldest.size


near = Near(MOST_BYTES)


class Rows(Generic[T]):
    """What this process has read of rows lately, by key, under one version of the shop.

    For values that nobody can change. Outside of public pages, which know the version, it reads anew.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._version: str | None = None
        self._held: OrderedDict[Any, T] = OrderedDict()
        self._lock = Lock()

    def of(self, keys: Sequence[Any], read: Callable[[list[Any]], dict[Any, T]]) -> dict[Any, T]:
        """What these keys stand for; those that are not at hand are read together, if there are any."""
        version = version_at_hand.get()
        if version is None:
            return read(list(keys))
        found = self._at_hand(keys, version)
        missing = [key for key in keys if key not in found]
        if missing:
            new = read(missing)
            self._hold(new, version)
            found |= new
        return found

    def _at_hand(self, keys: Sequence[Any], version: str) -> dict[Any, T]:
        with self._lock:
            if self._version != version:
                return {}
            found = {key: self._held[key] for key in keys if key in self._held}
            for key in found:
                self._held.move_to_end(key)
            return found

    def _hold(self, new: dict[Any, T], version: str) -> None:
        with self._lock:
            if self._version != version:
                self._version = version
                self._held.clear()
            self._held.update(new)
            while len(self._held) > self.most:
                self._held.popitem(last=False)


def kept(name: str, make: Callable[[], T]) -> T:
    """Return the part of this name, made anew once per version of the shop. Never keeps None."""
    # The version is read first: what is made while the shop moves on is filed under the old one.
    version = version_at_hand.get() or current_version()
    if version is None:
        return make()
    held = near.get(name, version)
    if held is not None:
        again: T = held.again()
        return again
    key = f"part:{hashlib.sha256(name.encode()).hexdigest()}"
    found, written = _shared(key, version) or (make(), b"")
    if found is not None:
        if not written:
            written = pickle.dumps(found)
            with suppress(RedisError):
                cache.set(key, (version, written), timeout=KEEP)
        near.hold(name, Held.of(version, found, written))
    return found


def _shared(key: str, version: str) -> tuple[Any, bytes] | None:
    """What another process has kept, and as it is written down."""
    try:
        found = cache.get(key)
    except RedisError:
        return None
    if found is None or found[0] != version:
        return None
    return pickle.loads(found[1]), found[1]  # noqa: S301 - written by the shop alone  # nosec B301


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
