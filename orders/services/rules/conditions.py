"""A question to an order, and whether it holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orders.services.rules.facts import FACTS, TESTS, YES
from orders.services.rules.known import Known


@dataclass(frozen=True, slots=True)
class Condition:
    """fact: a key of FACTS; test: one of its kind's; value: as it is kept."""

    fact: str
    test: str
    value: str

    @property
    def codes(self) -> frozenset[str]:
        fold = FACTS[self.fact].fold
        return frozenset(fold(part.strip()) for part in self.value.split(",") if part.strip())

    def holds(self, known: Known) -> bool:
        return CHECKS[self.test](FACTS[self.fact].of(known), self)

    def as_json(self) -> dict[str, str]:
        return {"fact": self.fact, "test": self.test, "value": self.value}


Check = Callable[[Any, Condition], bool]


def _is(found: Any, asked: Condition) -> bool:
    if isinstance(found, bool):
        return found == (asked.value == YES)
    return bool(found & asked.codes)


CHECKS: dict[str, Check] = {
    "at_least": lambda found, asked: bool(found >= Decimal(asked.value)),
    "at_most": lambda found, asked: bool(found <= Decimal(asked.value)),
    "is": _is,
    "is_not": lambda found, asked: not _is(found, asked),
    "has": lambda found, asked: bool(found & asked.codes),
    "has_not": lambda found, asked: not found & asked.codes,
    "contains": lambda found, asked: asked.value.lower() in found,
    "starts_with": lambda found, asked: bool(found.startswith(asked.value.lower())),
}


def holds(conditions: Iterable[Condition], known: Known) -> bool:
    """Whether all of them do; without any, always."""
    return all(one.holds(known) for one in conditions)


def in_words(condition: Condition) -> str:
    """ "Total is at least 200"."""
    fact = FACTS[condition.fact]
    return f"{fact.name} {TESTS[fact.kind][condition.test]} {condition.value}"
