"""Net sales: what orders sold on the day they were confirmed, less what was granted back that day.

The same days, the same sums as in the ledger: SALES, DELIVERY_CHARGED, DISCOUNTS and CREDITS. What
is given back later counts on that later day, so a month that is over keeps its figures. A gift card
that is sold is no sale yet: its buyer is owed its worth.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import (
    Case,
    DecimalField,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from analytics.queries.periods import Period
from catalog.models import Market
from orders.models import Order, OrderLine
from payments.models import GrantedLine
from shop.lib.money import ZERO

AMOUNT = DecimalField(max_digits=14, decimal_places=3)
NOTHING = Value(Decimal(0), output_field=AMOUNT)
# Moments, from and to.
Span = tuple[dt.datetime, dt.datetime]
OF_CARDS = Q(line__variant__product__type__is_gift_card=True)
CARDS = Q(variant__product__type__is_gift_card=True)


@dataclass(frozen=True, slots=True)
class Sums:
    """Amounts of one currency without its gift cards. gross = net + tax."""

    gross: Decimal = ZERO
    net: Decimal = ZERO

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(self.gross - other.gross, self.net - other.net)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.gross + other.gross, self.net + other.net)


def sold(market: Market | None, period: Period | None = None) -> QuerySet[Order]:
    """The orders that count: confirmed (in the period), whatever became of them later."""
    orders = Order.objects.filter(confirmed_at__isnull=False)
    if market is not None:
        orders = orders.filter(market=market)
    if period is None:
        return orders
    return orders.filter(in_period("confirmed_at", period))


def credited(markets: Sequence[int], spans: Sequence[Span]) -> QuerySet[GrantedLine]:
    """What was granted back in some spans of time, line by line, without gift cards."""
    # By the few lines of cards, not by looking up every line's goods.
    cards = OrderLine.objects.filter(CARDS)
    lines = GrantedLine.objects.filter(within("grant__granted_at", spans)).exclude(line__in=cards)
    return lines.filter(grant__order__market__in=markets)


def cards_sold(markets: Sequence[int], spans: Sequence[Span]) -> QuerySet[OrderLine]:
    """The gift cards among what orders sold."""
    lines = OrderLine.objects.filter(CARDS, within("order__confirmed_at", spans))
    return lines.filter(order__market__in=markets)


def added(markets: Sequence[int], spans: Sequence[Span]) -> QuerySet[OrderLine]:
    """What changes added to orders, without gift cards: sold on the day of the change."""
    return _added().filter(within("edit__made_at", spans), order__market__in=markets)


def added_to(markets: Sequence[int], spans: Sequence[Span]) -> QuerySet[OrderLine]:
    """What changes added, whenever, to orders that were sold then, without gift cards."""
    return _added().filter(within("order__confirmed_at", spans), order__market__in=markets)


def _added() -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(edit__isnull=False).exclude(CARDS)


def within(moment: str, spans: Sequence[Span]) -> Q:
    """In one of some spans of time, each [from, to)."""
    return reduce(
        or_, (Q(**{f"{moment}__gte": start, f"{moment}__lt": end}) for start, end in spans)
    )


def in_period(moment: str, period: Period) -> Q:
    return Q(**{f"{moment}__gte": period.start_at, f"{moment}__lt": period.end_at})


def net_in(period: Period) -> Combinable:
    """What one order adds to the net sales of a period: sold in it, or credited in it, or both."""
    own = F("net") - _net_of(OrderLine.objects.filter(CARDS)) - _net_of(_added())
    counts = When(in_period("confirmed_at", period), then=own)
    sold_here = Case(counts, default=NOTHING, output_field=AMOUNT)
    return (
        sold_here
        + _net_of(_added().filter(in_period("edit__made_at", period)))
        - credit_in(period, "net")
    )


def credit_in(period: Period, part: str) -> Coalesce:
    """What was granted back of one order in a period. part: "net", "tax" or "gross"."""
    lines = GrantedLine.objects.filter(
        in_period("grant__granted_at", period), grant__order=OuterRef("pk")
    ).exclude(OF_CARDS)
    sums = lines.order_by().values("grant__order").annotate(sum=Sum(part)).values("sum")
    return Coalesce(Subquery(sums, output_field=AMOUNT), NOTHING)


def _net_of(lines: QuerySet[OrderLine]) -> Expression:
    own = lines.filter(order=OuterRef("pk")).order_by()
    sums = own.values("order").annotate(sum=Sum("net")).values("sum")
    return Coalesce(Subquery(sums, output_field=AMOUNT), NOTHING)


def summed(expression: Combinable | str, only: Q | None = None) -> Coalesce:
    """The sum of an amount; zero for no rows."""
    return Coalesce(Sum(expression, filter=only, output_field=AMOUNT), NOTHING)
