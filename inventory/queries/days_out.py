"""On how many days none could be bought, read back from the movements."""

import datetime as dt
from collections import defaultdict
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import TruncDate

from inventory.models import StockItem, StockMovement, StockPolicy
from shop.lib.workdays import shop_zone, start_of

DAY = dt.timedelta(days=1)
Days: TypeAlias = dict[tuple[int, dt.date], int]
Units: TypeAlias = npt.NDArray[np.int64]


def days_out(*, since: dt.date, until: dt.date) -> Days:
    """{(variant id, Monday): days} of the weeks from one Monday to another; none: left out.

    A day counts when nothing was free at its end (in the shop's time) at any location that sends
    orders. Days before a variant's first movement do not, nor what is sold ahead of its stock.
    """
    days = (until - since).days
    free: dict[int, Units] = defaultdict(lambda: np.zeros(days, dtype=np.int64))
    begun: dict[int, int] = defaultdict(lambda: days)
    items = StockItem.objects.filter(location__is_active=True, location__sends_orders=True)
    ahead = StockPolicy.objects.exclude(selling=StockPolicy.Selling.SHELF)
    moves = StockMovement.objects.filter(stock_item=OuterRef("pk")).order_by("at")
    rows = items.exclude(variant__in=ahead.values("variant")).annotate(
        first=Subquery(moves.values("at")[:1])
    )
    changes = _changes(since, until)
    for item in rows.filter(first__lt=start_of(until)):
        after = changes.get(item.pk, np.zeros(days + 1, dtype=np.int64))
        # What is there now, less everything that happened after each day's end.
        left = item.on_hand - item.allocated - np.cumsum(after[::-1])[::-1][1:]
        free[item.variant_id] += np.maximum(left - item.safety, 0)
        first = (item.first.astimezone(shop_zone()).date() - since).days
        begun[item.variant_id] = min(begun[item.variant_id], max(first, 0))
    return _by_week(free, begun, since)


def _changes(since: dt.date, until: dt.date) -> dict[int, Units]:
    """By stock item: what came free on each day; whatever came later stands after the last."""
    days = (until - since).days
    moved: dict[int, Units] = defaultdict(lambda: np.zeros(days + 1, dtype=np.int64))
    rows = (
        StockMovement.objects.filter(at__gte=start_of(since))
        .order_by()
        .values("stock_item", day=TruncDate("at", tzinfo=shop_zone()))
        .annotate(freed=Sum("on_hand_change") - Sum("allocated_change"))
    )
    for row in rows.iterator():
        column = min((row["day"] - since).days, days)
        moved[row["stock_item"]][column] += row["freed"]
    return moved


def _by_week(
    free: dict[int, Units],
    begun: dict[int, int],
    since: dt.date,
) -> Days:
    found: Days = defaultdict(int)
    for variant, left in free.items():
        for day in np.flatnonzero(left <= 0):
            if day >= begun[variant]:
                on = since + int(day) * DAY
                found[variant, on - on.weekday() * DAY] += 1
    return dict(found)
