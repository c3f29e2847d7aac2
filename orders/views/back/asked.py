"""What a form about an order's lines says: units of each, why, and what for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from orders.models import Return
from shop.lib.text import clean
from shop.processes.returns.wanted import Wanted

MOST_UNITS = 9_999


@dataclass(frozen=True, slots=True)
class Pick:
    """What was typed beside one line."""

    units: str = ""
    reason: str = ""
    note: str = ""
    swap: str = ""

    @property
    def count(self) -> int:
        """Units that are meant; minus one for what is no number."""
        if not self.units:
            return 0
        return int(self.units) if self.units.isascii() and self.units.isdigit() else -1


@dataclass(frozen=True, slots=True)
class Asked:
    """A form as it came, cleaned and cut to length."""

    picks: Mapping[int, Pick]
    wish: str
    way: str
    words: str
    key: str

    @property
    def wanted(self) -> list[Wanted]:
        return [
            Wanted(line, min(one.count, MOST_UNITS), one.reason, one.note)
            for line, one in self.picks.items()
            if one.count
        ]

    @property
    def swaps(self) -> dict[int, int]:
        """The variant wanted for each line, of an exchange."""
        if self.wish != Return.Wish.EXCHANGE:
            return {}
        return {
            line: int(one.swap)
            for line, one in self.picks.items()
            if one.count and one.swap.isascii() and one.swap.isdigit() and len(one.swap) < 19
        }

    @property
    def units(self) -> dict[int, int]:
        return {line: min(one.count, MOST_UNITS) for line, one in self.picks.items() if one.count}


def read(data: QueryDict, lines: Iterable[int]) -> Asked:
    """Only the order's own lines are read; what else was sent is not looked at."""
    return Asked(
        picks={
            line: Pick(
                units=_text(data, f"units-{line}", 6),
                reason=_text(data, f"reason-{line}", 40),
                note=_text(data, f"note-{line}", 500),
                swap=_text(data, f"swap-{line}", 20),
            )
            for line in lines
        },
        wish=_text(data, "wish", 12),
        way=_text(data, "way", 10),
        words=_text(data, "words", 2_000),
        key=_text(data, "key", 40),
    )


def _text(data: QueryDict, name: str, most: int) -> str:
    return clean(data.get(name, ""))[:most]
