"""Sales per day, every day of the period, also the quiet ones: what all figures of money are added up from."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from analytics.queries.kept import Sums
from analytics.queries.periods import Period
from analytics.queries.sales import Sales, sales
from catalog.models import Market


@dataclass(frozen=True, slots=True)
class Day:
    """sold: by the day's orders, without gift cards; back: what was granted back on the day."""

    on: dt.date
    orders: int
    sold: Sums
    back: Sums
    units: int = 0

    @property
    def net(self) -> Decimal:
        return self.sold.net - self.back.net


@dataclass(frozen=True, slots=True)
class Pair:
    """A day of the period beside the one it is held against; None where one is longer."""

    now: Day | None
    before: Day | None


def days(market: Market, period: Period, found: Sales | None = None) -> list[Day]:
    """A day runs from midnight to midnight in the shop's time zone. found: sales that were read already."""
    read = found or sales(market, period)
    return [_day(read, market.pk, on) for on in period.days()]


def _day(read: Sales, market: int, on: dt.date) -> Day:
    orders = read.orders(market, on)
    kept = read.goods(market, on) + read.changes(market, on)
    return Day(on, orders.orders, kept, read.given_back(market, on), orders.units)


def paired(current: Sequence[Day], before: Sequence[Day]) -> list[Pair]:
    return [Pair(now, then) for now, then in zip_longest(current, before)]
