"""Net sales per day, every day of the period, also the quiet ones."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from analytics.queries.kept import added, added_to, cards_sold, credited, sold, summed
from analytics.queries.periods import Period
from catalog.models import Market
from shop.lib.money import ZERO
from shop.lib.workdays import shop_zone


@dataclass(frozen=True, slots=True)
class Day:
    on: dt.date
    net: Decimal
    orders: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A day of the period beside the one it is held against; None where one is longer."""

    now: Day | None
    before: Day | None


def days(market: Market, period: Period) -> list[Day]:
    """Five queries. A day runs from midnight to midnight in the shop's time zone."""
    rows = (
        sold(market, period)
        .annotate(on=TruncDate("confirmed_at", tzinfo=shop_zone()))
        .values("on")
        .annotate(net_sold=summed("net"), orders=Count("pk"))
        .values_list("on", "net_sold", "orders")
    )
    found = {on: (net, orders) for on, net, orders in rows}
    cards = _by_day(cards_sold(market, period), "order__confirmed_at")
    back = _by_day(credited(market, period), "grant__granted_at")
    # What a later change added was sold on the day of the change.
    own = _by_day(added_to(market, period), "order__confirmed_at")
    late = _by_day(added(market, period), "edit__made_at")
    less = {
        on: sum((one.get(on, ZERO) for one in (cards, back, own)), -late.get(on, ZERO))
        for on in period.days()
    }
    return [_day(on, found, amount) for on, amount in less.items()]


def _day(on: dt.date, found: dict[dt.date, tuple[Decimal, int]], less: Decimal) -> Day:
    net, orders = found.get(on, (ZERO, 0))
    return Day(on, net - less, orders)


def _by_day(lines: "QuerySet[Any]", moment: str) -> dict[dt.date, Decimal]:
    rows = lines.annotate(on=TruncDate(moment, tzinfo=shop_zone())).values("on")
    return dict(rows.annotate(sum=summed("net")).values_list("on", "sum"))


def paired(current: Sequence[Day], before: Sequence[Day]) -> list[Pair]:
    return [Pair(now, then) for now, then in zip_longest(current, before)]
