"""A rule's conditions and actions as they are kept, read and checked."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from orders.services.rules.acts import ACTS
from orders.services.rules.conditions import Condition
from orders.services.rules.facts import FACTS, NO, TESTS, YES
from shop.lib.errors import Refused


class BadRule(Refused):
    """Raised for what is no rule. part: "condition" or "action"; position: which, from 0."""

    def __init__(self, part: str, position: int, message: str) -> None:
        super().__init__(message)
        self.part, self.position = part, position


def read_conditions(kept: Sequence[Mapping[str, Any]]) -> list[Condition]:
    """Raises BadRule."""
    return [_condition(position, one) for position, one in enumerate(kept)]


def read_actions(kept: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Codes of acts with their values. Raises BadRule."""
    return [_action(position, one) for position, one in enumerate(kept)]


def _condition(position: int, kept: Mapping[str, Any]) -> Condition:
    one = Condition(*(str(kept.get(key, "")).strip() for key in ("fact", "test", "value")))
    if one.fact not in FACTS or one.test not in TESTS[FACTS[one.fact].kind]:
        raise BadRule("condition", position, _("Nothing like that is known of an order."))
    if problem := _problem(one):
        raise BadRule("condition", position, problem)
    return one


def _problem(one: Condition) -> str:
    kind = FACTS[one.fact].kind
    if not one.value:
        return _("Say what it is compared with.")
    if kind == "number" and not _is_number(one.value):
        return _("“%(value)s” is no number.") % {"value": one.value}
    if kind == "yes" and one.value not in (YES, NO):
        return _("Write yes or no.")
    return ""


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _action(position: int, kept: Mapping[str, Any]) -> tuple[str, str]:
    code, value = str(kept.get("do", "")), str(kept.get("value", "")).strip()
    if code not in ACTS:
        raise BadRule("action", position, _("There is no such action."))
    if not value:
        raise BadRule("action", position, _("Say: %(what)s.") % {"what": ACTS[code].value})
    try:
        ACTS[code].check(value)
    except Refused as refusal:
        raise BadRule("action", position, refusal.message) from refusal
    return code, value
