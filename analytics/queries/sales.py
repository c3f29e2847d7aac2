"""What is told of a period, read at once: what was sold, and what is added to it or taken from it by day."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import TruncDate

from analytics.queries.kept import Span, Sums, added, added_to, cards_sold, credited, summed
from analytics.queries.periods import Period
from analytics.queries.sold import sold
from analytics.queries.tallies import Sold, Tally
from catalog.models import Market
from shop.lib.prepared import Prepared
from shop.lib.workdays import shop_zone

NONE = Sums()
Key = tuple[int, dt.date]
Lines = Callable[[Sequence[int], Sequence[Span]], "QuerySet[Any]"]


@dataclass(frozen=True, slots=True)
class Sales:
    """By market and day: cards among what was sold, what was given back, what later changes added to
    orders of the day, and what changes made on the day added to orders."""

    sold: Sold
    cards: dict[Key, Sums]
    back: dict[Key, Sums]
    own: dict[Key, Sums]
    late: dict[Key, Sums]

    def orders(self, market: int, on: dt.date) -> Tally:
        return self.sold.days.get((market, on), Tally())

    def goods(self, market: int, on: dt.date) -> Sums:
        """What the day's orders sold, without gift cards, later changes among it."""
        orders = self.orders(market, on)
        return Sums(orders.gross, orders.net) - self.cards.get((market, on), NONE)

    def changes(self, market: int, on: dt.date) -> Sums:
        """What a later change added was sold on the day of the change."""
        return self.late.get((market, on), NONE) - self.own.get((market, on), NONE)

    def given_back(self, market: int, on: dt.date) -> Sums:
        return self.back.get((market, on), NONE)


def sales(
    market: Market,
    period: Period,
    *,
    before: Period | None = None,
    others: Sequence[Market] = (),
) -> Sales:
    """A market's period in full, its days of an earlier one, and the period's days of other markets.

    Six queries.
    """
    first = before or period
    values = {
        "markets": [market.pk, *(one.pk for one in others)],
        "start": period.start_at,
        "end": period.end_at,
        # A second time, where nothing comes before, asks for nothing more.
        "start_before": first.start_at,
        "end_before": first.end_at,
    }
    parts = (_by_key(query, values) for query in (CARDS, BACK, OWN, LATE))
    return Sales(sold(market, period, before=[before] if before else [], others=others), *parts)


def _by_key(query: Prepared, values: dict[str, Any]) -> dict[Key, Sums]:
    return {(market, on): Sums(gross, net) for market, on, gross, net in query.rows(**values)}


def _days(
    lines: Lines,
    market: str,
    moment: str,
    *,
    markets: Sequence[int],
    start: dt.datetime,
    end: dt.datetime,
    start_before: dt.datetime,
    end_before: dt.datetime,
) -> "QuerySet[Any, Any]":
    found = lines(markets, [(start, end), (start_before, end_before)]).order_by()
    by_key = found.values_list(market, TruncDate(moment, tzinfo=shop_zone()))
    sums: QuerySet[Any, Any] = by_key.annotate(all_gross=summed("gross"), all_net=summed("net"))
    return sums


CARDS = Prepared(partial(_days, cards_sold, "order__market", "order__confirmed_at"))
BACK = Prepared(partial(_days, credited, "grant__order__market", "grant__granted_at"))
OWN = Prepared(partial(_days, added_to, "order__market", "order__confirmed_at"))
LATE = Prepared(partial(_days, added, "order__market", "edit__made_at"))
