"""What a price is at a moment, worked out from the sales and changes in force: no tables written."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, ExpressionWrapper, F, OuterRef, Q, QuerySet

from catalog.models import Category, Market, Sale
from catalog.queries.rounding import rounded
from shop.lib import rulebook
from shop.lib.money import round_money

HUNDRED = Decimal(100)
Kind = Sale.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A sale or a change as plain values. market: None for all; paths: of categories in their tree."""

    pk: int
    name: str
    kind: str
    market: int | None
    starts_at: dt.datetime
    ends_at: dt.datetime | None = None
    # A change without an end: it becomes the price itself.
    is_lasting: bool
    percent: Decimal | None
    rounding: str
    covers_all: bool
    products: frozenset[int]
    paths: tuple[str, ...]
    collections: frozenset[int]

    def covers(self, piece: "Piece") -> bool:
        """Whether the percentage reaches the piece; entries have prices of their own."""
        return (
            self.covers_all
            or piece.product in self.products
            or (bool(self.paths) and piece.path.startswith(self.paths))
            or not self.collections.isdisjoint(piece.collections)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A price and what sales ask of it. path: of its category; entries: amounts by sale id."""

    market: Market
    amount: Decimal
    product: int
    path: str = ""
    collections: Collection[int] = ()
    entries: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a shopper pays, by which rule; without one it is the regular price."""

    amount: Decimal
    rule: Rule | None = None

    @property
    def is_sale(self) -> bool:
        return self.rule is not None and self.rule.kind == Kind.SALE


def in_force(*, now: dt.datetime) -> QuerySet[Sale]:
    """Switched on, begun and not over; a change that became the price is done with."""
    rows = Sale.objects.filter(is_active=True, applied_at=None, starts_at__lte=now)
    return rows.filter(Q(ends_at=None) | Q(ends_at__gt=now))


def rules_now(*, now: dt.datetime, at: Sequence[int] = ()) -> list[Rule]:
    """What is in force, as plain values. Call it after the prices are read.

    at: the rulebook's version, where it was read with the prices.
    """
    # Asked for anew: a change may have become the price since the request began.
    rules = rulebook.kept("sales", _rules, is_fresh=True, at=at)
    return [
        one for one in rules if one.starts_at <= now and (one.ends_at is None or one.ends_at > now)
    ]


def _rules() -> list[Rule]:
    return rules_of(Sale.objects.filter(is_active=True, applied_at=None))


def rules_of(sales: QuerySet[Sale]) -> list[Rule]:
    """These sales as plain values, in the order of their ids. One query."""
    named = ExpressionWrapper(OuterRef("category_ids"), output_field=ArrayField(BigIntegerField()))
    paths = Category.objects.alias(named=named).filter(named__contains=[F("pk")])
    rows = sales.annotate(paths=ArraySubquery(paths.values("path"))).order_by("pk")
    return [
        Rule(
            pk=one.pk,
            name=one.name,
            kind=one.kind,
            market=one.market_id,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            is_lasting=one.kind == Kind.CHANGE and one.ends_at is None,
            percent=one.percent,
            rounding=one.rounding,
            covers_all=one.covers_all,
            products=frozenset(one.product_ids),
            paths=tuple(one.paths),
            collections=frozenset(one.collection_ids),
        )
        for one in rows
    ]


def outcome(piece: Piece, rules: Sequence[Rule]) -> Outcome:
    """A change replaces the price first, and may be dearer; then the lowest sale wins.

    A sale never makes anything dearer or leaves it as it is: it is no sale then. Of two equally
    low ones the older counts.
    """
    here = [rule for rule in rules if rule.market in (None, piece.market.pk)]
    base = _changed(piece, [rule for rule in here if rule.kind == Kind.CHANGE])
    found = [
        (amount, rule.pk, rule)
        for rule in here
        if rule.kind == Kind.SALE and (amount := offered(rule, piece, base.amount)) is not None
    ]
    if not found:
        return base
    amount, _pk, rule = min(found, key=lambda one: one[:2])
    return Outcome(amount, rule) if amount < base.amount else base


def _changed(piece: Piece, changes: Sequence[Rule]) -> Outcome:
    """Lasting changes one after the other; of the passing ones the last that began."""
    base, ordered = Outcome(piece.amount), sorted(changes, key=lambda one: (one.starts_at, one.pk))
    for rule in (one for one in ordered if one.is_lasting):
        amount = offered(rule, piece, base.amount)
        base = base if amount is None else Outcome(amount, rule)
    for rule in (one for one in reversed(ordered) if not one.is_lasting):
        amount = offered(rule, piece, base.amount)
        if amount is not None:
            return Outcome(amount, rule)
    return base


def offered(rule: Rule, piece: Piece, base: Decimal) -> Decimal | None:
    """What this rule alone makes of a price; None when it says nothing of it."""
    if rule.pk in piece.entries:
        return piece.entries[rule.pk]
    if rule.percent is None or not rule.covers(piece):
        return None
    currency = piece.market.currency
    exact = base * (HUNDRED - rule.percent) / HUNDRED
    amount = rounded(exact, rule.rounding or piece.market.rounding, currency)
    # An ending that eats the reduction up is none: the percentage was promised.
    return amount if amount < base else min(base, round_money(exact, currency))
