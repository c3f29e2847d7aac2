"""Rules of collections: checked in words, evaluated by the database for all products at once.

A rule is {"field": "price", "op": "lt", "value": "25"}. Fields: price (lowest, in the main
market), attribute:<code>, category (its address), brand, tag, stock (units that can be sold), age
(days on sale), margin (per cent of the net price), sale (reduced now), rating (stars).
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Avg, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models import Value as Sql
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from catalog.models import (
    Attribute,
    AttributeValue,
    Card,
    Category,
    Market,
    Price,
    Product,
    Review,
    TaxRate,
)
from shop.lib.errors import Refused

MOST_RULES, MOST_VALUES, LONGEST = 20, 50, 255
PREFIX = "attribute:"
ORDERED = ("eq", "ne", "lt", "lte", "gt", "gte")
NAMED = ("eq", "ne", "in")
NUMBERS = ("price", "stock", "age", "margin", "rating")
NAMES = ("category", "brand", "tag")
FLAGS = {True: True, False: False, "true": True, "false": False, "yes": True, "no": False}
HUNDRED = Decimal(100)
Rule = Mapping[str, Any]
Kind = Attribute.Kind


class BadRules(Refused):
    """Raised when rules say nothing that could be looked up. `problems`: a sentence for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Ground:
    """What rules are measured against: the main market, the moment, units left of a product."""

    market: Market
    now: dt.datetime
    stock: Combinable


def check(rules: Any) -> None:
    """Raise BadRules unless every rule names a field, a comparison it knows and a value it takes."""
    if not isinstance(rules, list) or not rules:
        raise BadRules([_("A collection by rules needs at least one rule.")])
    if len(rules) > MOST_RULES:
        raise BadRules([_("At most %(most)s rules.") % {"most": MOST_RULES}])
    problems = [
        _("Rule %(number)s: %(problem)s") % {"number": number, "problem": problem}
        for number, rule in enumerate(rules, 1)
        if (problem := _problem(rule))
    ]
    if problems:
        raise BadRules(problems)


def matching(rules: Sequence[Rule], *, match_all: bool, ground: Ground) -> QuerySet[Product]:
    """The products on sale that follow all of these rules, or one of them. Raises BadRules."""
    check(rules)
    made = {
        f"rule_{name}": MEASURES[name](ground)
        for name in sorted({rule["field"] for rule in rules} & MEASURES.keys())
    }
    conditions = [_condition(rule, ground) for rule in rules]
    joined = conditions[0]
    for one in conditions[1:]:
        joined = joined & one if match_all else joined | one
    return Product.objects.on_sale(now=ground.now).alias(**made).filter(joined)


def _problem(rule: Any) -> str:
    """What is wrong with a rule, in words; empty when nothing is."""
    if not isinstance(rule, Mapping) or not {"field", "op", "value"} <= rule.keys():
        return _("a rule has a field, a comparison and a value.")
    field, value = str(rule["field"]), rule["value"]
    kind = _kind(field)
    if not kind:
        return _("nothing is called “%(field)s”.") % {"field": field[:LONGEST]}
    ops = OPS[kind]
    if rule["op"] not in ops:
        words = {"field": field, "op": str(rule["op"])[:20], "ops": ", ".join(ops)}
        return _("%(field)s is compared by %(ops)s, not by “%(op)s”.") % words
    values = value if rule["op"] == "in" else [value]
    if not isinstance(values, list) or not 0 < len(values) <= MOST_VALUES:
        return _("“in” takes a list of at most %(most)s values.") % {"most": MOST_VALUES}
    return next((bad for one in values if (bad := _bad_value(field, kind, one))), "")


def _bad_value(field: str, kind: str, value: Any) -> str:
    words = {"field": field, "value": str(value)[:40]}
    if not isinstance(value, str | int | float) or len(str(value)) > LONGEST:
        return _("%(field)s: “%(value)s” is no value.") % words
    if kind == Kind.NUMBER and _number(value) is None:
        return _("%(field)s: “%(value)s” is not a number.") % words
    if kind == Kind.BOOL and value not in FLAGS:
        return _("%(field)s is either true or false.") % words
    if kind == Kind.DATE and _day(value) is None:
        return _("%(field)s: “%(value)s” is not a date such as 2026-05-04.") % words
    if field == "category" and not Category.objects.filter(url_path=value).exists():
        return _("there is no category with the address “%(value)s”.") % words
    return "" if str(value).strip() else _("%(field)s needs a value.") % words


def _kind(field: str) -> str:
    if field.startswith(PREFIX):
        found = Attribute.objects.filter(code=field.removeprefix(PREFIX)[:40])
        return found.values_list("kind", flat=True).first() or ""
    if field in NUMBERS:
        return Kind.NUMBER
    if field == "sale":
        return Kind.BOOL
    return Kind.TEXT if field in NAMES else ""


OPS: Mapping[str, Sequence[str]] = {
    Kind.TEXT: NAMED,
    Kind.CHOICE: NAMED,
    Kind.NUMBER: ORDERED,
    Kind.DATE: ORDERED,
    Kind.BOOL: ("eq",),
}


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**10 else None


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def _condition(rule: Rule, ground: Ground) -> Q:
    field, op, value = str(rule["field"]), str(rule["op"]), rule["value"]
    if field.startswith(PREFIX):
        return _answers(field.removeprefix(PREFIX), op, value)
    if field in NUMBERS:
        return _compared(f"rule_{field}", op, _number(value))
    if field == "sale":
        reduced = Q(Exists(_cards(ground).filter(compare_at__isnull=False)))
        return reduced if FLAGS[value] else ~reduced
    return _named(NAMED_BY[field], op, value)


def _compared(column: str, op: str, value: Any) -> Q:
    """A value that is not known is never equal, less or more."""
    if op == "ne":
        return ~Q(**{column: value}) & Q(**{f"{column}__isnull": False})
    return Q(**{column if op == "eq" else f"{column}__{op}": value})


def _named(has: Callable[[str], Q], op: str, value: Any) -> Q:
    found = Q()
    for one in value if op == "in" else [value]:
        found |= has(str(one).strip())
    return ~found if op == "ne" else found


def _answers(code: str, op: str, value: Any) -> Q:
    """Whether the product's answer to an attribute compares so; without an answer it does not."""
    given = AttributeValue.objects.filter(product=OuterRef("pk"), attribute__code=code)
    kind = _kind(f"{PREFIX}{code}")
    if kind == Kind.NUMBER:
        wanted = _compared("number", op, _number(value))
    elif kind == Kind.DATE:
        wanted = _compared("day", op, _day(value))
    elif kind == Kind.BOOL:
        wanted = Q(is_true=FLAGS[value])
    else:
        column = "choice__name" if kind == Kind.CHOICE else "text"
        wanted = _named(lambda one: Q(**{f"{column}__iexact": one}), op, value)
    return Q(Exists(given.filter(wanted)))


def _in_category(url_path: str) -> Q:
    return Q(category__url_path=url_path) | Q(category__url_path__startswith=f"{url_path}/")


NAMED_BY: Mapping[str, Callable[[str], Q]] = {
    "category": _in_category,
    "brand": lambda name: Q(brand__iexact=name),
    "tag": lambda name: Q(tags__contains=[name]),
}


def _cards(ground: Ground) -> QuerySet[Card]:
    return Card.objects.in_market(ground.market).filter(product=OuterRef("pk"))


def _prices(ground: Ground) -> QuerySet[Price]:
    return Price.objects.filter(
        variant__product=OuterRef("pk"), variant__is_active=True, market=ground.market
    )


def _price(ground: Ground) -> Subquery:
    return Subquery(_prices(ground).order_by("current").values("current")[:1])


def _age(ground: Ground) -> Func:
    return Func(
        Sql(ground.now) - F("published_at"),
        template="floor(extract(epoch from (%(expressions)s)) / 86400)::integer",
        output_field=IntegerField(),
    )


def _margin(ground: Ground) -> Subquery:
    """Of the variant that earns least: what is left of the net price after its cost, in per cent."""
    rates = TaxRate.objects.filter(
        country=ground.market.home_country,
        region="",
        tax_class=OuterRef("variant__product__type__tax_class"),
        valid__contains=ground.now.date(),
    )
    rate = Coalesce(Subquery(rates.values("rate")[:1]), Decimal(0))
    net = (
        F("current") * HUNDRED / (HUNDRED + rate)
        if ground.market.prices_include_tax
        else F("current")
    )
    rows = _prices(ground).filter(current__gt=0, variant__cost__isnull=False).annotate(net=net)
    rows = rows.annotate(margin=(F("net") - F("variant__cost")) * HUNDRED / F("net"))
    return Subquery(rows.order_by("margin").values("margin")[:1])


def _rating(_ground: Ground) -> Subquery:
    said = Review.objects.filter(product=OuterRef("pk"), status=Review.Status.PUBLISHED)
    return Subquery(said.order_by().values("product").annotate(mean=Avg("stars")).values("mean"))


MEASURES: Mapping[str, Callable[[Ground], Any]] = {
    "price": _price,
    "stock": lambda ground: ground.stock,
    "age": _age,
    "margin": _margin,
    "rating": _rating,
}
