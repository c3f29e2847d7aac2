"""Which rules there are. What the shop starts with is told here and written on demand."""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as lazy

from payments.models import RiskPolicy, RiskRule
from payments.services.risk.facts import Facts
from payments.services.risk.params import BadParams, read
from payments.services.risk.signs import Declines, Sign, Velocity

logger = logging.getLogger(__name__)
Kind = RiskRule.Kind
Reason = dict[str, Any]
# None weighs as much as a person's word: two ordinary signs wait for no one, three do.
DEFAULTS: tuple[tuple[str, Any, int, dict[str, Any]], ...] = (
    (
        Kind.VELOCITY,
        lazy("Third order from one card in a day"),
        35,
        {"by": "card", "orders": 3, "hours": 24},
    ),
    (
        Kind.VELOCITY,
        lazy("Fourth order with one e-mail in a day"),
        20,
        {"by": "email", "orders": 4, "hours": 24},
    ),
    (
        Kind.VELOCITY,
        lazy("Fifth order from one internet address in a day"),
        20,
        {"by": "ip", "orders": 5, "hours": 24},
    ),
    (Kind.COUNTRY_MISMATCH, lazy("Card from another country"), 25, {"fine": []}),
    (
        Kind.ADDRESS_CHECK,
        lazy("Postcode or CVC check failed"),
        35,
        {"checks": ["postcode", "cvc"]},
    ),
    (Kind.HIGH_VALUE, lazy("High value"), 25, {"most": {"GBP": "500", "EUR": "600"}}),
    (Kind.DISPOSABLE_MAIL, lazy("Throw-away e-mail"), 35, {"also": [], "fine": []}),
    (
        Kind.PROVIDER_RISK,
        lazy("The card provider sees a raised risk"),
        40,
        {"levels": ["elevated"]},
    ),
    (
        Kind.PROVIDER_RISK,
        lazy("The card provider sees the highest risk"),
        80,
        {"levels": ["highest"]},
    ),
    (Kind.DECLINES, lazy("Three refused cards in a day"), 35, {"declines": 3, "hours": 24}),
    (Kind.LISTED, lazy("The shop's own list"), 100, {"values": []}),
    (Kind.KNOWN_CUSTOMER, lazy("A customer known to be good"), -30, {"orders": 2, "days": 30}),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that can be asked: its row's id, name and points, and its sign."""

    pk: int
    name: str
    score: int
    sign: Sign


@dataclass(frozen=True, slots=True)
class Weight:
    """What the rules made of an order."""

    score: int
    reasons: list[Reason]


def rules() -> "QuerySet[RiskRule]":
    """All of them; the ones the shop starts with are written when there are none."""
    if not RiskRule.objects.exists():
        RiskRule.objects.bulk_create(
            (
                RiskRule(kind=kind, name=str(name), score=score, params=params)
                for kind, name, score, params in DEFAULTS
            ),
            ignore_conflicts=True,
        )
    return RiskRule.objects.order_by("pk")


def active_rules() -> list[Rule]:
    return readable(rule for rule in rules() if rule.is_active)


def readable(rows: Iterable[RiskRule]) -> list[Rule]:
    """Rules that can be asked. One that nobody can read counts as off, and is told to the log."""
    found = []
    for row in rows:
        try:
            found.append(Rule(row.pk, row.name, row.score, read(row.kind, row.params)))
        except BadParams as problem:
            logger.warning("risk rule %s can't be read: %s", row.pk, problem)
    return found


def weigh(asked: Iterable[Rule], facts: Facts) -> Weight:
    """Ask every rule. What it sees, and its points, become a reason."""
    reasons: list[Reason] = [
        {"rule": rule.pk, "name": rule.name, "score": rule.score, "words": words}
        for rule in asked
        if (words := rule.sign.see(facts))
    ]
    reasons.sort(key=lambda one: -int(one["score"]))
    return Weight(sum(int(one["score"]) for one in reasons), reasons)


def reach(asked: Iterable[Rule]) -> dt.timedelta:
    """How far back any of these rules looks for orders and refused cards."""
    hours = [rule.sign.hours for rule in asked if isinstance(rule.sign, Velocity | Declines)]
    return dt.timedelta(hours=max(hours, default=0))


def policy() -> RiskPolicy:
    found, _is_new = RiskPolicy.objects.get_or_create(pk=1)
    return found
