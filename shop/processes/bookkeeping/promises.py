"""What a promise is, and what it looks like when one is broken."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    BROKEN = "broken"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Invariant:
    """A promise, and the rows that break it. `%(now)s` is the moment of the check."""

    name: str
    rule: str
    sql: str
    level: Level = Level.BROKEN


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that does not hold, how often, and where to look first."""

    name: str
    level: Level
    rule: str
    count: int
    examples: list[dict[str, Any]]

    @property
    def is_broken(self) -> bool:
        return self.level == Level.BROKEN
