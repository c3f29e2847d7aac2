"""What orders sold, added up: whole months that are over from their roll-ups, the rest from rows.

A month counts from its roll-up only where the query that reads it finds it, so a change that takes
it away meanwhile makes nothing be missed or counted twice.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateField,
    F,
    Field,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

from analytics.models import SoldInMonth
from analytics.queries.kept import in_period, summed
from analytics.queries.periods import Period, midnight, shift_months
from catalog.models import Market
from orders.models import Order, OrderLine
from shop.lib.money import ZERO
from shop.lib.workdays import shop_zone

Part = SoldInMonth.Part
Months = frozenset[dt.date]
FIGURES = ("orders", "units", "gross", "net")
# The key of goods that are no longer in the catalogue.
GONE = 0
KEYS: dict[str, "Field[Any, Any]"] = {Part.PRODUCT: BigIntegerField(), Part.CATEGORY: CharField()}


@dataclass(frozen=True, slots=True)
class Tally:
    orders: int = 0
    units: int = 0
    gross: Decimal = ZERO
    net: Decimal = ZERO

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.orders + other.orders,
            self.units + other.units,
            self.gross + other.gross,
            self.net + other.net,
        )


def by_day(market: Market, period: Period) -> dict[dt.date, Tally]:
    """Orders with their totals, gift cards and later changes among them. Three queries."""
    rolled = _rolled(Part.DAY, period).filter(market=market)
    rows = list(rolled.values_list("month", "day", *FIGURES))
    rest = _left(period, frozenset(row[0] for row in rows))
    return {row[1]: Tally(*row[2:]) for row in rows} | days_of(market, rest)


def by_market(markets: Sequence[Market], period: Period) -> dict[int, Tally]:
    """Orders with their totals; two queries where every market has the same months rolled up."""
    sums = {f"all_{name}": Sum(name) for name in FIGURES}
    rows = _rolled(Part.DAY, period).values_list("market", "month").annotate(**sums)
    found: dict[int, Tally] = defaultdict(Tally)
    there: dict[int, set[dt.date]] = {market.pk: set() for market in markets}
    for market, month, *figures in rows.order_by():
        found[market] += Tally(*figures)
        there.setdefault(market, set()).add(month)
    for months, alike in _alike(there).items():
        live = Order.objects.filter(
            _within("confirmed_at", _left(period, months)), market__in=alike
        )
        for market, *figures in live.values_list("market").annotate(**_OF_ORDERS).order_by():
            found[market] += Tally(figures[0], 0, *figures[1:])
    return found


def by_product(market: Market, period: Period) -> dict[int, Tally]:
    """Lines by their product's key. Two queries."""
    return _added_up(Part.PRODUCT, "product_id", products_of, market, period)


def by_category(market: Market, period: Period) -> dict[str, Tally]:
    """Lines by the first part of their category's address. Two queries."""
    return _added_up(Part.CATEGORY, "root", roots_of, market, period)


_OF_ORDERS = {
    "all_orders": Count("pk"),
    "all_gross": summed("total"),
    "all_net": summed("net"),
}
_OF_LINES = {
    "all_orders": Count("order", distinct=True),
    "all_units": Sum("quantity"),
    "all_gross": summed("gross"),
    "all_net": summed("net"),
}


def days_of(market: Market, periods: Sequence[Period]) -> dict[dt.date, Tally]:
    """From the rows themselves. Two queries."""
    orders = Order.objects.filter(_within("confirmed_at", periods), market=market)
    rows = _by_day(orders, "confirmed_at").annotate(**_OF_ORDERS).order_by()
    pieces = _by_day(_lines(market, periods), "order__confirmed_at")
    units = dict(pieces.annotate(all_units=Sum("quantity")).order_by())
    return {day: Tally(count, units.get(day, 0), *sums) for day, count, *sums in rows}


def products_of(market: Market, periods: Sequence[Period]) -> dict[int, Tally]:
    """From the rows themselves. One query."""
    key = Coalesce("variant__product_id", Value(GONE))
    return _keyed(_lines(market, periods).values_list(key).annotate(**_OF_LINES))


def roots_of(market: Market, periods: Sequence[Period]) -> dict[str, Tally]:
    """From the rows themselves. One query."""
    root = Coalesce(root_of("variant__product__category__url_path"), Value(""))
    return _keyed(_lines(market, periods).values_list(root).annotate(**_OF_LINES))


def root_of(path: str) -> Func:
    """The first part of a category's address."""
    return Func(F(path), Value("/"), Value(1), function="split_part", output_field=CharField())


def _added_up(
    part: Part,
    key: str,
    live: Callable[[Market, Sequence[Period]], Mapping[Any, Tally]],
    market: Market,
    period: Period,
) -> dict[Any, Tally]:
    """Sums, and which months they are of, are asked for at once: as of one moment."""
    rolled = _rolled(part, period).filter(market=market).order_by()
    sums = rolled.values_list(Value(None, DateField()), key)
    sums = sums.annotate(**{f"all_{name}": Sum(name) for name in FIGURES})
    no_key = Cast(Value(None), output_field=KEYS[part])
    nothing = [Value(0, IntegerField()) for _name in FIGURES]
    months = rolled.values_list("month", no_key, *nothing).distinct()
    found: dict[Any, Tally] = {}
    there = set()
    for month, one, *figures in sums.union(months, all=True):
        if month is None:
            found[one] = Tally(*figures)
        else:
            there.add(month)
    for one, tally in live(market, _left(period, there)).items():
        found[one] = found.get(one, Tally()) + tally
    return found


def _keyed(rows: Iterable[Any]) -> dict[Any, Tally]:
    return {key: Tally(*figures) for key, *figures in rows}


def _by_day(rows: "QuerySet[Any]", moment: str) -> "QuerySet[Any, Any]":
    return rows.values_list(TruncDate(moment, tzinfo=shop_zone()))


def _lines(market: Market, periods: Sequence[Period]) -> "QuerySet[OrderLine]":
    return OrderLine.objects.filter(
        _within("order__confirmed_at", periods), order__market=market
    ).order_by()


def _rolled(part: Part, period: Period) -> "QuerySet[SoldInMonth]":
    return SoldInMonth.objects.filter(part=part, month__in=whole_months(period))


def whole_months(period: Period) -> list[dt.date]:
    """The first days of the months that a period has from beginning to end."""
    month = period.first if period.first.day == 1 else shift_months(period.first, 1).replace(day=1)
    found = []
    while midnight(following := shift_months(month, 1)) <= period.end_at:
        found.append(month)
        month = following
    return found


def month_of(first: dt.date, *, now: dt.datetime) -> Period:
    return Period(first, shift_months(first, 1), now)


def _left(period: Period, months: Collection[dt.date]) -> list[Period]:
    """What of a period lies outside of some of its months."""
    rest, start = [], period.first
    for month in sorted(months):
        if start < month:
            rest.append(Period(start, month, period.until))
        start = shift_months(month, 1)
    if start < period.end:
        rest.append(Period(start, period.end, period.until))
    return rest


def _within(moment: str, periods: Sequence[Period]) -> Q:
    """Nothing, where there are no periods."""
    return reduce(or_, (in_period(moment, one) for one in periods), Q(pk__in=[]))


def _alike(there: Mapping[int, set[dt.date]]) -> dict[Months, list[int]]:
    found: dict[Months, list[int]] = defaultdict(list)
    for market, months in there.items():
        found[frozenset(months)].append(market)
    return found
