"""Months that are over, added up once; the database takes away what a later change makes wrong.

A row of `SoldInMonth` that is there is right. Triggers (`analytics.services.forgetting`) remove a
month's rows in the transaction of the change, and share a lock of that month until it ends; who adds
the month up needs the lock alone, so no change is under way that they don't see.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.db.models import Min

from analytics.models import SoldInMonth
from analytics.queries import live
from analytics.queries.live import Part
from analytics.queries.periods import Period, shift_months
from analytics.queries.tallies import Sold, Tally
from analytics.services.forgetting import LOCK, TREE
from catalog.models import Market
from orders.models import Order
from shop.lib.workdays import shop_day

Kind = SoldInMonth.Part


def roll_up(*, now: dt.datetime) -> int:
    """Add up every month that is over and has no rows. Returns how many were."""
    return sum(_roll_up(market, month, now=now) for market, month in _missing(now))


def _missing(now: dt.datetime) -> Iterator[tuple[Market, dt.date]]:
    first = Order.objects.aggregate(first=Min("confirmed_at"))["first"]
    there = set(SoldInMonth.objects.values_list("market", "month").distinct())
    this_month = shop_day(now).replace(day=1)
    markets = list(Market.objects.order_by("pk"))
    month = shop_day(first).replace(day=1) if first else this_month
    while month < this_month:
        yield from ((one, month) for one in markets if (one.pk, month) not in there)
        month = shift_months(month, 1)


@transaction.atomic
def _roll_up(market: Market, month: dt.date, *, now: dt.datetime) -> bool:
    """Whether it could be done now: while somebody changes the month, it waits for the next time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_try_advisory_xact_lock(%s, %s) and pg_try_advisory_xact_lock(%s, %s)",
            [LOCK, month.year * 100 + month.month, LOCK, TREE],
        )
        is_alone = bool((cursor.fetchone() or (False,))[0])
    if is_alone:
        whole = Period(month, shift_months(month, 1), now)
        SoldInMonth.objects.bulk_create(_rows(market, whole), ignore_conflicts=True)
    return is_alone


def _rows(market: Market, month: Period) -> Iterator[SoldInMonth]:
    found = Sold()
    found.add(live.rows([Part(market.pk, month)]))
    # Every day has a row: by them one knows that the month is there.
    of_days = ((day, found.days.get((market.pk, day), Tally())) for day in month.days())
    yield from _rows_of(Kind.DAY, "day", of_days, market, month)
    yield from _rows_of(Kind.PRODUCT, "product_id", found.products.items(), market, month)
    yield from _rows_of(Kind.CATEGORY, "root", found.roots.items(), market, month)


def _rows_of(
    part: Kind, key: str, tallies: Iterable[tuple[object, Tally]], market: Market, month: Period
) -> Iterator[SoldInMonth]:
    for one, tally in tallies:
        yield SoldInMonth(
            market=market,
            month=month.first,
            part=part,
            orders=tally.orders,
            units=tally.units,
            gross=tally.gross,
            net=tally.net,
            **{key: one},
        )
