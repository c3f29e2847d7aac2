"""What orders sold: whole months that are over from their roll-ups, the rest from rows.

A month counts from its roll-up only where the query that reads it finds it, so a change that takes
it away meanwhile makes nothing be missed or counted twice.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db import connections, router

from analytics.models import SoldInMonth
from analytics.queries import live
from analytics.queries.live import Part
from analytics.queries.periods import Period, midnight, shift_months
from analytics.queries.tallies import Sold
from catalog.models import Market

Rolled = dict[int, set[dt.date]]
STATEMENT = """
select part, market_id, month, day, null::bigint, null, orders, units, gross, net
from unnest(%(markets)s::bigint[], %(months)s::date[]) as wanted (market, first)
join analytics_soldinmonth on market_id = market and month = first and part = 'day'
union all
select part, null, null, null, product_id, root, sum(orders), sum(units), sum(gross), sum(net)
from analytics_soldinmonth
where market_id = %(ranked)s and month = any(%(ranked_months)s::date[]) and part <> 'day'
group by part, product_id, root
"""


def sold(
    market: Market, period: Period, *, before: Sequence[Period] = (), others: Sequence[Market] = ()
) -> Sold:
    """A market's period in full, days alone of earlier periods, and orders alone of other markets.

    Periods share no day. Two queries.
    """
    parts = [
        Part(market.pk, period),
        *(Part(market.pk, one, is_ranked=False) for one in before),
        *(Part(one.pk, period, has_units=False, is_ranked=False) for one in others),
    ]
    found, there = _rolled(parts)
    found.add(live.rows([piece for part in parts for piece in _left(part, there[part.market])]))
    return found


def _rolled(parts: Sequence[Part]) -> tuple[Sold, Rolled]:
    """Sums, and which months they are of, are asked for at once: as of one moment."""
    wanted = [(one.market, month) for one in parts for month in whole_months(one.period)]
    rows = _rows(parts[0], wanted) if wanted else []
    found, there = Sold(), defaultdict(set)
    for _part, market, month, *_figures in rows:
        there[market].add(month)
    found.add((part, market, *rest) for part, market, _month, *rest in rows)
    return found, there


def _rows(ranked: Part, wanted: Sequence[tuple[int, dt.date]]) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {
        "markets": [market for market, _month in wanted],
        "months": [month for _market, month in wanted],
        "ranked": ranked.market,
        "ranked_months": whole_months(ranked.period),
    }
    with connections[router.db_for_read(SoldInMonth)].cursor() as cursor:
        cursor.execute(STATEMENT, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def whole_months(period: Period) -> list[dt.date]:
    """The first days of the months that a period has from beginning to end."""
    month = period.first if period.first.day == 1 else shift_months(period.first, 1).replace(day=1)
    found = []
    while midnight(following := shift_months(month, 1)) <= period.end_at:
        found.append(month)
        month = following
    return found


def _left(part: Part, months: Collection[dt.date]) -> Iterator[Part]:
    """What of a part lies outside of some of its months."""
    whole, start = part.period, part.period.first
    for month in sorted(month for month in months if whole.first <= month < whole.end):
        if start < month:
            yield replace(part, period=Period(start, month, whole.until))
        start = shift_months(month, 1)
    if start < whole.end:
        yield replace(part, period=Period(start, whole.end, whole.until))
