"""Net sales per day, every day of the period, also the quiet ones."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from django.db.models import Count
from django.db.models.functions import TruncDate

from analytics.queries.kept import net_kept, paid, summed
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
    """One query. A day runs from midnight to midnight in the shop's time zone."""
    rows = (
        paid(market, period)
        .annotate(on=TruncDate("paid_at", tzinfo=shop_zone()))
        .values("on")
        .annotate(net=summed(net_kept()), orders=Count("pk"))
        .values_list("on", "net", "orders")
    )
    found = {on: Day(on, net, orders) for on, net, orders in rows}
    return [found.get(on, Day(on, ZERO, 0)) for on in period.days()]


def paired(current: Sequence[Day], before: Sequence[Day]) -> list[Pair]:
    return [Pair(now, then) for now, then in zip_longest(current, before)]
