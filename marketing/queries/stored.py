"""Promotions as they are stored, read with few words to the database.

What was read and built once is known by its very text, so that two hundred promotions cost a
basket little and nothing has to be told when one is changed.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, JSONField, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, JSONObject

from accounts.models import CustomerGroup
from catalog.models import AttributeChoice, Category, Collection, Market, Product, Variant
from marketing.models import Benefit, Condition, Promotion, PromotionQuerySet, Segment
from marketing.queries.params import (
    BadParams,
    Values,
    money,
    read_benefit,
    read_condition,
    scopes,
)
from orders.services.pricing import Scope
from shop.lib import rulebook

MOST_NAMES, KEPT = 4, 4_096
# What a rule names: what it is of, and its id.
Thing = tuple[str, int]
Names = Mapping[Thing, str]
SOURCES: Mapping[str, tuple[QuerySet[Any], str]] = {
    "products": (Product.objects.all(), "title"),
    "categories": (Category.objects.all(), "name"),
    "collections": (Collection.objects.all(), "title"),
    "choices": (AttributeChoice.objects.all(), "name"),
    "group": (CustomerGroup.objects.all(), "name"),
    "segment": (Segment.objects.all(), "name"),
    "market": (Market.objects.all(), "name"),
    "gift": (Variant.objects.all(), "product__title"),
}
GOODS = ("products", "categories", "collections")
# Of these the rulebook knows the tables.
SETTLED = frozenset({"categories", "collections", "choices", "market"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition or a benefit. values: None when its params can't be read."""

    id: int
    kind: str
    params: Any
    values: Values | None


@dataclass(frozen=True)
class Rules:
    """All a promotion asks and gives, in order."""

    conditions: tuple[Rule, ...]
    benefits: tuple[Rule, ...]

    @cached_property
    def read(self) -> list[Values]:
        rules = (*self.conditions, *self.benefits)
        return [rule.values for rule in rules if rule.values is not None]

    @cached_property
    def is_damaged(self) -> bool:
        """Whether it can't be used, whatever the basket."""
        return not self.benefits or len(self.read) < len(self.conditions) + len(self.benefits)

    @cached_property
    def currencies(self) -> frozenset[str] | None:
        """Those that every amount is known in; None without amounts."""
        found = [frozenset(amounts) for values in self.read for amounts in money(values)]
        return frozenset.intersection(*found) if found else None

    @cached_property
    def in_scopes(self) -> tuple[Thing, ...]:
        """What its scopes name."""
        found = {one for values in self.read for scope in scopes(values) for one in things(scope)}
        return tuple(sorted(found))

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """Everything it names."""
        named = [
            (rule.kind, pk)
            for rule in (*self.conditions, *self.benefits)
            if rule.values is not None and rule.kind in SOURCES
            for pk in rule.values.get("ids") or [rule.values["variant"]]
        ]
        return (*self.in_scopes, *named)


@dataclass(frozen=True, slots=True)
class Stored:
    """A promotion with its rules. text: of conditions and benefits, by which they are kept."""

    promotion: Promotion
    text: tuple[str, str]

    @property
    def rules(self) -> Rules:
        return rules_of(*self.text)


def stored(promotions: PromotionQuerySet) -> list[Stored]:
    """These promotions with all their rules, in the order of their ids. One query."""
    rows: QuerySet[Any] = promotions.annotate(
        condition_text=_text_of(Condition.objects.all()),
        benefit_text=_text_of(Benefit.objects.all()),
    )
    return [Stored(row, (row.condition_text, row.benefit_text)) for row in rows.order_by("pk")]


def running(*, now: dt.datetime) -> list[Stored]:
    """The promotions that apply by themselves now, kept until one is changed.

    How often they were used is not kept: it is read anew where that is limited.
    """
    found = [
        one
        for one in rulebook.kept("promotions", _automatic)
        if (one.promotion.starts_at is None or one.promotion.starts_at <= now)
        and (one.promotion.ends_at is None or one.promotion.ends_at > now)
    ]
    limited = [one.promotion.pk for one in found if one.promotion.usage_limit is not None]
    if not limited:
        return found
    uses = dict(Promotion.objects.filter(pk__in=limited).values_list("pk", "uses"))
    return [_used(one, uses) for one in found]


def _automatic() -> list[Stored]:
    return stored(Promotion.objects.filter(is_active=True, is_automatic=True))


def _used(one: Stored, uses: Mapping[int, int]) -> Stored:
    if one.promotion.pk not in uses:
        return one
    promotion = copy(one.promotion)
    promotion.uses = uses[promotion.pk]
    return replace(one, promotion=promotion)


def _text_of(rules: "QuerySet[Any]") -> Cast:
    own = rules.filter(promotion=OuterRef("pk")).order_by("position", "pk")
    row = JSONObject(id="pk", kind="kind", params="params")
    array = Func(ArraySubquery(own.values_list(row)), function="to_jsonb", output_field=JSONField())
    return Cast(array, TextField())


@lru_cache(maxsize=KEPT)
def rules_of(conditions: str, benefits: str) -> Rules:
    """The rules that the database wrote down as JSON."""
    return Rules(_read(conditions, read_condition), _read(benefits, read_benefit))


def _read(text: str, read: Callable[[str, object], Values]) -> tuple[Rule, ...]:
    return tuple(
        Rule(row["id"], row["kind"], row["params"], _values(row, read)) for row in json.loads(text)
    )


def _values(row: Mapping[str, Any], read: Callable[[str, object], Values]) -> Values | None:
    try:
        return read(row["kind"], row["params"])
    except BadParams:
        return None


def things(scope: Scope) -> list[Thing]:
    """What a scope names, in an order that stays."""
    return [(source, pk) for source in (*GOODS, "choices") for pk in sorted(getattr(scope, source))]


def names_of(named: Iterable[Thing]) -> Names:
    """What these things are called; those that are gone are left out. One query, or none."""
    ids: dict[str, set[int]] = {}
    for source, pk in named:
        ids.setdefault(source, set()).add(pk)
    parts = [
        rows.filter(pk__in=ids[source])
        .order_by()
        .values_list(Value(source, TextField()), F("pk"), Cast(label, TextField()))
        for source, (rows, label) in SOURCES.items()
        if source in ids
    ]
    if not parts:
        return {}
    together = parts[0].union(*parts[1:], all=True)
    return {(source, pk): name for source, pk, name in together}


def names_now(named: Iterable[Thing]) -> Names:
    """The same; names that seldom change are kept until one is changed."""
    wanted = sorted(set(named))
    settled = [one for one in wanted if one[0] in SETTLED]
    known = rulebook.kept(f"names:{settled}", lambda: names_of(settled)) if settled else {}
    return {**known, **names_of(one for one in wanted if one[0] not in SETTLED)}


def name_of(scope: Scope, names: Names) -> str:
    """ "Mugs, Bowls (Ash)"; empty for everything, and for more than one can say."""
    said = [(source, names[source, pk]) for source, pk in things(scope) if (source, pk) in names]
    if not 0 < len(said) <= MOST_NAMES:
        return ""
    what = ", ".join(name for source, name in said if source != "choices")
    answers = ", ".join(name for source, name in said if source == "choices")
    return f"{what} ({answers})" if what and answers else what or answers
