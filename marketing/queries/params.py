"""How conditions and benefits are written down: one reader for forms, for baskets and for words.

Amounts are {"GBP": "10.00", …}; a promotion holds only where every amount has the currency.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketing.models import Benefit, Condition
from marketing.queries import readers
from marketing.queries.readers import Amounts, Misread, Tier
from orders.services.pricing import Scope
from shop.lib.errors import Refused

Values = Mapping[str, Any]
C, B = Condition.Kind, Benefit.Kind
COUNTRY, NAME = re.compile(r"[A-Z]{2}"), re.compile(r"[A-Za-z0-9_-]{1,40}")
MOST_PIECES, MOST_DAYS = 9_999, 3_650


class BadParams(Refused):
    """Raised for details that can't be used. `problems`: words by field; "" is all of them."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Field:
    """One detail. read: from JSON to a value; raises Misread."""

    read: Callable[[Any], Any]
    is_required: bool = False


def _whole(most: int = MOST_PIECES, *, is_required: bool = False) -> Field:
    return Field(readers.whole(1, most), is_required)


SCOPE, CAP = Field(readers.scope), Field(readers.amounts)
IDS = Field(readers.ids, is_required=True)
NAMES = Field(readers.codes(NAME), is_required=True)
AMOUNT = Field(readers.amounts, is_required=True)
PERCENT = Field(readers.percent, is_required=True)

CONDITION_FIELDS: Mapping[str, Mapping[str, Field]] = {
    C.FIRST_ORDER: {},
    C.NTH_ORDER: {"n": _whole(is_required=True)},
    C.NO_ORDER_FOR: {"days": _whole(MOST_DAYS, is_required=True)},
    C.ITEM_TOTAL: {"least": Field(readers.amounts), "most": Field(readers.amounts), "scope": SCOPE},
    C.QUANTITY: {"least": _whole(), "most": _whole(), "scope": SCOPE},
    C.GROUP: {"ids": IDS},
    C.SEGMENT: {"ids": IDS},
    C.MARKET: {"ids": IDS},
    C.COUNTRY: {"codes": Field(readers.codes(COUNTRY), is_required=True)},
    C.CHANNEL: {"codes": NAMES},
    C.SHIPPING_METHOD: {"codes": NAMES},
    C.HOURS: {
        "days": Field(readers.days),
        "from": Field(readers.clock),
        "to": Field(readers.clock),
    },
}
BENEFIT_FIELDS: Mapping[str, Mapping[str, Field]] = {
    B.PERCENT: {"percent": PERCENT, "scope": SCOPE, "cap": CAP},
    B.FIXED: {"amount": AMOUNT, "scope": SCOPE},
    B.FIXED_EACH: {"amount": AMOUNT, "scope": SCOPE, "most_units": _whole()},
    B.TIERED: {
        "by": Field(readers.measure, is_required=True),
        "tiers": Field(readers.tiers, is_required=True),
        "scope": SCOPE,
        "cap": CAP,
    },
    B.GROUPS: {
        "buy": _whole(is_required=True),
        "get": _whole(is_required=True),
        "percent": PERCENT,
        "scope": SCOPE,
        "get_scope": SCOPE,
        "most_times": _whole(),
    },
    B.SET_PRICE: {
        "price": Field(readers.amounts_or_nothing, is_required=True),
        "scope": SCOPE,
        "most_units": _whole(),
    },
    B.SHIPPING: {
        "percent": Field(readers.percent),
        "amount": Field(readers.amounts),
        "price": Field(readers.amounts_or_nothing),
        "methods": Field(readers.codes(NAME)),
    },
    B.GIFT: {
        "variant": Field(readers.whole(1, readers.LARGEST_ID), is_required=True),
        "quantity": _whole(99),
    },
}


def read_condition(kind: str, params: object) -> Values:
    """The details of a condition as values; what was left out is None. Raises BadParams."""
    return _read(CONDITION_FIELDS, kind, params)


def read_benefit(kind: str, params: object) -> Values:
    """The details of a benefit as values; what was left out is None. Raises BadParams."""
    return _read(BENEFIT_FIELDS, kind, params)


def _read(known: Mapping[str, Mapping[str, Field]], kind: str, params: object) -> Values:
    fields = known.get(kind)
    if fields is None:
        raise BadParams({"": _("There is no kind “%(kind)s”.") % {"kind": kind}})
    if not isinstance(params, Mapping):
        raise BadParams({"": _("Details are names with values.")})
    problems = {
        str(name): _("Nothing is called “%(name)s” here.") % {"name": str(name)[:40]}
        for name in params
        if name not in fields
    }
    values: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            values[name] = _value(field, params.get(name))
        except Misread as problem:
            problems[name] = str(problem)
    problems = problems or {name: words for name, words in _together(kind, values) if words}
    if problems:
        raise BadParams(problems)
    return values


def _value(field: Field, given: Any) -> Any:
    is_missing = given is None or given == "" or (given == {} and field is not SCOPE)
    if not is_missing:
        return field.read(given)
    if field.is_required:
        raise Misread(_("This is needed."))
    return None


def _together(kind: str, values: Values) -> list[tuple[str, str]]:
    """What is wrong with details that are right one by one, by field."""
    check = TOGETHER.get(kind)
    return [] if check is None else check(values)


def _range(values: Values) -> list[tuple[str, str]]:
    least, most = values["least"], values["most"]
    if least is None and most is None:
        return [("least", _("Say the least, or the most."))]
    if least is None or most is None:
        return []
    pairs: list[tuple[Decimal | int, Decimal | int]] = [(least, most)]
    if isinstance(least, Mapping):
        pairs = [(least[one], most[one]) for one in least if one in most]
    is_upside_down = any(low > high for low, high in pairs)
    return [("most", _("The most can't be below the least."))] if is_upside_down else []


def _hours(values: Values) -> list[tuple[str, str]]:
    start, end = values["from"], values["to"]
    if (start is None) != (end is None):
        return [("to" if end is None else "from", _("Say both hours, or neither."))]
    if start is None and not values["days"]:
        return [("days", _("Say days, or hours, or both."))]
    return [("to", _("It ends when it starts."))] if start is not None and start == end else []


def _one_way(values: Values) -> list[tuple[str, str]]:
    given = [name for name in ("percent", "amount", "price") if values[name] is not None]
    return [] if len(given) == 1 else [("percent", _("Say one: per cent, an amount, or a price."))]


def _steps(values: Values) -> list[tuple[str, str]]:
    tiers: Sequence[Tier] = values["tiers"]
    by_amount = values["by"] == "amount"
    if any(isinstance(tier.start, Mapping) != by_amount for tier in tiers):
        words = _("from amounts") if by_amount else _("from a number of pieces")
        return [("tiers", _("Every step has to start %(how)s.") % {"how": words})]
    starts = [_start(tier) for tier in tiers]
    is_twice = len(set(starts)) < len(starts)
    return [("tiers", _("Two steps start at the same."))] if is_twice else []


def _start(tier: Tier) -> object:
    return tuple(sorted(tier.start.items())) if isinstance(tier.start, Mapping) else tier.start


TOGETHER: Mapping[str, Callable[[Values], list[tuple[str, str]]]] = {
    C.ITEM_TOTAL: _range,
    C.QUANTITY: _range,
    C.HOURS: _hours,
    B.SHIPPING: _one_way,
    B.TIERED: _steps,
}


def scopes(values: Values) -> list[Scope]:
    """The scopes among the values."""
    return [one for one in values.values() if isinstance(one, Scope)]


def money(values: Values) -> list[Amounts]:
    """Every amount among the values, those inside steps too."""
    found = [one for one in values.values() if isinstance(one, Mapping)]
    for tier in values.get("tiers") or ():
        found += [one for one in (tier.start, tier.amount) if isinstance(one, Mapping)]
    return found
