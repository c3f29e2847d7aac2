"""Sales per day, every day of the period, also the quiet ones: what all figures of money are added up from."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from analytics.queries.kept import Sums, added, added_to, cards_sold, credited, sold, summed
from analytics.queries.periods import Period
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

    @property
    def net(self) -> Decimal:
        return self.sold.net - self.back.net


@dataclass(frozen=True, slots=True)
class Pair:
    """A day of the period beside the one it is held against; None where one is longer."""

    now: Day | None
    before: Day | None


def days(market: Market, period: Period) -> list[Day]:
    """Five queries. A day runs from midnight to midnight in the shop's time zone."""
    orders = _by_day(sold(market, period), "confirmed_at", gross="total")
    cards = _by_day(cards_sold(market, period), "order__confirmed_at")
    back = _by_day(credited(market, period), "grant__granted_at")
    # What a later change added was sold on the day of the change.
    own = _by_day(added_to(market, period), "order__confirmed_at")
    late = _by_day(added(market, period), "edit__made_at")
    found = []
    for on in period.days():
        number, all_sold = orders.get(on, (0, NONE))
        less = [rows.get(on, (0, NONE))[1] for rows in (cards, own)]
        kept = all_sold - less[0] - less[1] + late.get(on, (0, NONE))[1]
        found.append(Day(on, number, kept, back.get(on, (0, NONE))[1]))
    return found


def _by_day(
    rows: "QuerySet[Any]", moment: str, *, gross: str = "gross"
) -> dict[dt.date, tuple[int, Sums]]:
    by_day = rows.annotate(on=TruncDate(moment, tzinfo=shop_zone())).values("on").order_by()
    found = by_day.annotate(number=Count("pk"), all_gross=summed(gross), all_net=summed("net"))
    columns = found.values_list("on", "number", "all_gross", "all_net")
    return {on: (number, Sums(of_gross, of_net)) for on, number, of_gross, of_net in columns}


def paired(current: Sequence[Day], before: Sequence[Day]) -> list[Pair]:
    return [Pair(now, then) for now, then in zip_longest(current, before)]
