"""Sales per day, every day of the period, also the quiet ones: what all figures of money are added up from."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import TruncDate

from analytics.queries.kept import Sums, added, added_to, cards_sold, credited, summed
from analytics.queries.periods import Period
from analytics.queries.sold import Tally, by_day
from catalog.models import Market
from shop.lib.workdays import shop_zone

NONE = Sums()


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


def days(market: Market, period: Period) -> list[Day]:
    """Seven queries. A day runs from midnight to midnight in the shop's time zone."""
    orders = by_day(market, period)
    cards = _by_day(cards_sold(market, period), "order__confirmed_at")
    back = _by_day(credited(market, period), "grant__granted_at")
    # What a later change added was sold on the day of the change.
    own = _by_day(added_to(market, period), "order__confirmed_at")
    late = _by_day(added(market, period), "edit__made_at")
    found = []
    for on in period.days():
        of_orders = orders.get(on, Tally())
        less = cards.get(on, NONE) + own.get(on, NONE)
        kept = Sums(of_orders.gross, of_orders.net) - less + late.get(on, NONE)
        found.append(Day(on, of_orders.orders, kept, back.get(on, NONE), of_orders.units))
    return found


def _by_day(rows: "QuerySet[Any]", moment: str) -> dict[dt.date, Sums]:
    of_days = rows.values_list(TruncDate(moment, tzinfo=shop_zone())).order_by()
    sums = of_days.annotate(all_gross=summed("gross"), all_net=summed("net"))
    return {on: Sums(gross, net) for on, gross, net in sums}


def paired(current: Sequence[Day], before: Sequence[Day]) -> list[Pair]:
    return [Pair(now, then) for now, then in zip_longest(current, before)]
