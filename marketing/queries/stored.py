"""Promotions as they are stored, read with few words to the database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, JSONObject

from accounts.models import CustomerGroup
from catalog.models import AttributeChoice, Category, Collection, Market, Product, Variant
from marketing.models import Benefit, Condition, Promotion, PromotionQuerySet, Segment
from marketing.queries.building import benefit_values, condition_values
from marketing.queries.params import Values, money, scopes
from marketing.queries.readers import Amounts
from orders.services.pricing import Scope

MOST_NAMES = 4
Named = Mapping[str, set[int]]
Names = Mapping[tuple[str, int], str]
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
IN_SCOPES = ("products", "categories", "collections", "choices")


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition or a benefit. values: None when what is stored, `text`, can't be read."""

    id: int
    kind: str
    text: str
    values: Values | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A promotion with its rules in order."""

    promotion: Promotion
    conditions: tuple[Rule, ...]
    benefits: tuple[Rule, ...]

    @property
    def is_damaged(self) -> bool:
        """Whether it can't be used, whatever the basket."""
        rules = (*self.conditions, *self.benefits)
        return not self.benefits or any(rule.values is None for rule in rules)

    @property
    def read(self) -> list[Values]:
        rules = (*self.conditions, *self.benefits)
        return [rule.values for rule in rules if rule.values is not None]

    @property
    def amounts(self) -> list[Amounts]:
        return [one for values in self.read for one in money(values)]

    @property
    def scopes(self) -> list[Scope]:
        return [one for values in self.read for one in scopes(values)]

    @property
    def named(self) -> dict[str, set[int]]:
        """Every id its rules name, by what it is of."""
        found = dict(in_scopes(self.scopes))
        for rule in (*self.conditions, *self.benefits):
            if rule.values is not None and rule.kind in SOURCES:
                ids = {rule.values["variant"]} if rule.kind == "gift" else rule.values["ids"]
                found[rule.kind] = found.get(rule.kind, set()) | ids
        return found


def stored(promotions: PromotionQuerySet) -> list[Stored]:
    """These promotions with all their rules, in the order of their ids. One query."""
    rows = promotions.annotate(
        condition_rows=_rules_of(Condition.objects.all()),
        benefit_rows=_rules_of(Benefit.objects.all()),
    )
    return [
        Stored(
            row,
            tuple(_rule(one, condition_values) for one in row.condition_rows),
            tuple(_rule(one, benefit_values) for one in row.benefit_rows),
        )
        for row in rows.order_by("pk")
    ]


def _rules_of(rules: "QuerySet[Any]") -> ArraySubquery:
    """Details come as text: what was read once is known by it, see `building`."""
    text = Cast("params", TextField())
    own = rules.filter(promotion=OuterRef("pk")).order_by("position", "pk")
    return ArraySubquery(own.values_list(JSONObject(id="pk", kind="kind", text=text)))


def _rule(row: Mapping[str, Any], read: Callable[[str, str], Values | None]) -> Rule:
    return Rule(row["id"], row["kind"], row["text"], read(row["kind"], row["text"]))


def in_scopes(found: Sequence[Scope]) -> Named:
    """The ids that scopes name, by what they are of."""
    return {name: {pk for scope in found for pk in getattr(scope, name)} for name in IN_SCOPES}


def names_of(named: Named) -> Names:
    """What these things are called; those that are gone are left out. One query, or none."""
    parts = [
        SOURCES[source][0]
        .filter(pk__in=ids)
        .order_by()
        .values_list(Value(source, TextField()), F("pk"), Cast(SOURCES[source][1], TextField()))
        for source, ids in named.items()
        if ids
    ]
    if not parts:
        return {}
    together = parts[0].union(*parts[1:], all=True)
    return {(source, pk): name for source, pk, name in together}


def name_of(scope: Scope, names: Names) -> str:
    """ "Mugs, Bowls (Ash)"; empty for everything, and for more than one can say."""
    goods = [
        names.get((source, pk), "")
        for source in ("products", "categories", "collections")
        for pk in sorted(getattr(scope, source))
    ]
    choices = [names.get(("choices", pk), "") for pk in sorted(scope.choices)]
    said = [name for name in (*goods, *choices) if name]
    if not said or len(said) > MOST_NAMES:
        return ""
    answers = ", ".join(name for name in choices if name)
    what = ", ".join(name for name in goods if name)
    return f"{what} ({answers})" if what and answers else what or answers
