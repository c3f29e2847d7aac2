"""Tallies of lists, each read once: kept for all processes, and held in this one as they are."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from catalog.queries.tallies import Tally
from shop.lib.in_turn import in_turn
from shop.lib.page_cache import current_version, version_at_hand
from shop.lib.parts import keep, recall

# Longer lists are read ahead by the clock and may be this much behind; shorter ones never are.
LONG, SECONDS_BEHIND = 500, 15 * 60
# In each process, of all lists together: a card takes about 50 bytes, its place in the masks included.
MOST_CARDS = 500_000


@dataclass
class _Held:
    """The tallies used last, each with the version of the shop or the reading that it is of."""

    tallies: OrderedDict[str, tuple[str, Tally]] = field(default_factory=OrderedDict)
    cards: int = 0
    lock: Lock = field(default_factory=Lock)

    def get(self, name: str) -> tuple[str, Tally] | None:
        with self.lock:
            if name in self.tallies:
                self.tallies.move_to_end(name)
            return self.tallies.get(name)

    def hold(self, name: str, found: tuple[str, Tally]) -> tuple[str, Tally]:
        with self.lock:
            before = self.tallies.pop(name, None)
            self.cards += len(found[1].ids) - (len(before[1].ids) if before else 0)
            self.tallies[name] = found
            while self.cards > MOST_CARDS:
                self.cards -= len(self.tallies.popitem(last=False)[1][1].ids)
        return found


_held = _Held()


def tally_of(name: str, read: Callable[[], Tally]) -> tuple[str, Tally]:
    """A list's tally and what it is of: a version of the shop, or a reading by the clock."""
    # The version comes first: what is read while the shop moves on is of the old one.
    version = version_at_hand.get() or current_version() or ""
    held = _held.get(name)
    if held and _is_good(held, version, name):
        return held
    # Long ones take half a second to read: once is enough for everybody who wants them now.
    with in_turn(name):
        held = _held.get(name)
        if held and _is_good(held, version, name):
            return held
        found: tuple[str, Tally] | None = recall(name) if version else None
        if found and (found[0] == version or _is_long(found[1])):
            return _held.hold(name, found)
        return _read(name, read, version)


def read_ahead(name: str, read: Callable[[], Tally]) -> None:
    """Read a long list by the clock, before anybody asks."""
    _read(name, read, "")


def _is_good(held: tuple[str, Tally], version: str, name: str) -> bool:
    mark, tally = held
    if version and mark == version:
        return True
    return _is_long(tally) and (not version or mark == recall(_mark(name)))


def _read(name: str, read: Callable[[], Tally], version: str) -> tuple[str, Tally]:
    found = read()
    mark = secrets.token_hex(8) if _is_long(found) else version
    keep(name, (mark, found), seconds=SECONDS_BEHIND)
    keep(_mark(name), mark, seconds=SECONDS_BEHIND)
    return _held.hold(name, (mark, found))


def _is_long(tally: Tally) -> bool:
    return len(tally.ids) > LONG


def _mark(name: str) -> str:
    return f"{name}:reading"
