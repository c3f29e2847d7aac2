"""Segments: customers who share a history. All rules of a segment have to hold.

A rule is {"field": "orders_at_least", "value": 3}. Orders are those placed as the customer or by
their address, less what was called off; money is what was paid less what went back, in the main
market's currency. Rules that can't be read, and no rules at all, are met by nobody.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Count,
    DateTimeField,
    DecimalField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.services.customers import customer_groups
from catalog.models import Category
from catalog.queries.membership import memberships
from marketing.models import Segment
from marketing.queries import readers
from marketing.queries.buyers import CALLED_OFF
from marketing.queries.readers import Misread
from orders.models import Order, OrderLine
from shop.lib.money import ZERO

MOST_RULES, MOST_ORDERS, MOST_DAYS = 20, 9_999, 3_650
COUNTRY = re.compile(r"[A-Z]{2}")
SPENT = Sum((F("total") - F("refunded")) * F("exchange_rate"), filter=Q(paid_at__isnull=False))


@dataclass(frozen=True, slots=True)
class History:
    """What rules ask of one customer."""

    now: dt.datetime
    orders: int = 0
    spent: Decimal = ZERO
    last_order_at: dt.datetime | None = None
    countries: frozenset[str] = frozenset()
    products: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()

    def ordered_within(self, days: int) -> bool:
        since = self.now - dt.timedelta(days=days)
        return self.last_order_at is not None and self.last_order_at >= since

    def ordered_before(self, days: int) -> bool:
        return self.last_order_at is not None and not self.ordered_within(days)


@dataclass(frozen=True, slots=True)
class Measure:
    """One field: how its value is read, when one customer meets it, and which customers do."""

    read: Callable[[Any], Any]
    holds: Callable[[History, Any], bool]
    where: Callable[[Any, dt.datetime], Q]


def _amount(given: Any) -> Decimal:
    return next(iter(readers.amounts({"GBP": given}).values()))


def _since(days: int, now: dt.datetime) -> dt.datetime:
    return now - dt.timedelta(days=days)


def _bought(**of: Any) -> Q:
    lines = OrderLine.objects.filter(**of)
    return Q(Exists(_own_orders().filter(pk__in=lines.values("order"))))


def _bought_below(ids: frozenset[int], _now: dt.datetime) -> Q:
    paths = Category.objects.filter(pk__in=ids).values_list("path", flat=True)
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(path__startswith=path)
    return _bought(variant__product__category__in=Category.objects.filter(below).values("pk"))


MEASURES: Mapping[str, Measure] = {
    "orders_at_least": Measure(
        readers.whole(1, MOST_ORDERS),
        lambda it, value: it.orders >= value,
        lambda value, _now: Q(order_count__gte=value),
    ),
    "orders_at_most": Measure(
        readers.whole(0, MOST_ORDERS),
        lambda it, value: it.orders <= value,
        lambda value, _now: Q(order_count__lte=value),
    ),
    "spent_at_least": Measure(
        _amount,
        lambda it, value: it.spent >= value,
        lambda value, _now: Q(spent__gte=value),
    ),
    "last_order_within_days": Measure(
        readers.whole(1, MOST_DAYS),
        History.ordered_within,
        lambda value, now: Q(last_order_at__gte=_since(value, now)),
    ),
    "last_order_before_days": Measure(
        readers.whole(1, MOST_DAYS),
        History.ordered_before,
        lambda value, now: Q(last_order_at__lt=_since(value, now)),
    ),
    "country": Measure(
        readers.codes(COUNTRY),
        lambda it, value: not value.isdisjoint(it.countries),
        lambda value, _now: Q(Exists(_own_orders().filter(country__in=value))),
    ),
    "bought_category": Measure(
        readers.ids,
        lambda it, value: not value.isdisjoint(it.categories),
        _bought_below,
    ),
    "bought_product": Measure(
        readers.ids,
        lambda it, value: not value.isdisjoint(it.products),
        lambda value, _now: _bought(variant__product__in=value),
    ),
    "group": Measure(
        readers.ids,
        lambda it, value: not value.isdisjoint(it.groups),
        lambda value, _now: Q(Exists(_in_groups(value))),
    ),
}


def read(rules: object) -> list[tuple[str, Any]]:
    """Rules as fields with their values. Raises Misread."""
    if not isinstance(rules, list) or not 0 < len(rules) <= MOST_RULES:
        raise Misread
    return [read_rule(rule) for rule in rules]


def read_rule(rule: object) -> tuple[str, Any]:
    """The field and the value of a rule. Raises Misread in words."""
    if not isinstance(rule, Mapping) or rule.keys() != {"field", "value"}:
        raise Misread(_("A rule has a field and a value."))
    name = str(rule["field"])
    if name not in MEASURES:
        raise Misread(_("Nothing is called “%(field)s”.") % {"field": name[:40]})
    return name, MEASURES[name].read(rule["value"])


def _read_or_none(rules: object) -> list[tuple[str, Any]] | None:
    try:
        return read(rules)
    except Misread:
        return None


def segments_of(customer: Customer, *, now: dt.datetime) -> frozenset[int]:
    """The segments a customer is in at this moment. Up to five queries, one without segments."""
    known = {
        pk: found
        for pk, rules in Segment.objects.order_by("pk").values_list("pk", "rules")
        if (found := _read_or_none(rules)) is not None
    }
    asked = {name for found in known.values() for name, _asked in found}
    if not asked:
        return frozenset()
    history = _history(customer, asked, now)
    return frozenset(
        pk
        for pk, found in known.items()
        if all(MEASURES[name].holds(history, value) for name, value in found)
    )


def _history(customer: Customer, asked: set[str], now: dt.datetime) -> History:
    own = Q(customer=customer) | Q(email=customer.email.lower())
    placed = Order.objects.filter(own).exclude(status__in=CALLED_OFF)
    sums = placed.aggregate(
        orders=Count("pk"),
        spent=SPENT,
        last=Max("placed_at"),
        countries=ArrayAgg("country", distinct=True, default=Value([])),
    )
    products, categories = _goods(placed) if _asks_goods(asked) else (frozenset(), frozenset())
    return History(
        now,
        orders=sums["orders"],
        spent=sums["spent"] or ZERO,
        last_order_at=sums["last"],
        countries=frozenset(sums["countries"]),
        products=products,
        categories=categories,
        groups=customer_groups(customer) if "group" in asked else frozenset(),
    )


def _asks_goods(asked: set[str]) -> bool:
    return not asked.isdisjoint({"bought_category", "bought_product"})


def _goods(placed: "QuerySet[Order]") -> tuple[frozenset[int], frozenset[int]]:
    """Products bought, and the categories they are in by now, with all above."""
    lines = OrderLine.objects.filter(order__in=placed.values("pk"), variant__isnull=False)
    products = frozenset(lines.values_list("variant__product", flat=True))
    found = memberships(products).values()
    return products, frozenset(pk for one in found for pk in one.categories)


def customers(segment: Segment, *, now: dt.datetime) -> "QuerySet[Customer]":
    """Everybody in a segment at this moment, in the order of their ids."""
    found = _read_or_none(segment.rules)
    if found is None:
        return Customer.objects.none()
    rows = Customer.objects.alias(
        order_count=Coalesce(_of_orders(Count("pk"), IntegerField()), 0),
        spent=Coalesce(_of_orders(SPENT, DecimalField()), ZERO, output_field=DecimalField()),
        last_order_at=_of_orders(Max("placed_at"), DateTimeField()),
    )
    for name, value in found:
        rows = rows.filter(MEASURES[name].where(value, now))
    return rows.order_by("pk")


def size(segment: Segment, *, now: dt.datetime) -> int:
    return customers(segment, now=now).count()


def _own_orders() -> "QuerySet[Order]":
    own = Q(customer=OuterRef("pk")) | Q(email=Lower(OuterRef("email")))
    return Order.objects.filter(own).exclude(status__in=CALLED_OFF)


def _of_orders(aggregate: Any, output_field: Any) -> Subquery:
    rows = _own_orders().order_by().annotate(all=Value(1)).values("all").annotate(told=aggregate)
    return Subquery(rows.values("told"), output_field=output_field)


def _in_groups(ids: frozenset[int]) -> "QuerySet[Any]":
    links = Customer.groups.through.objects
    return links.filter(customer=OuterRef("pk"), customergroup__in=ids)
