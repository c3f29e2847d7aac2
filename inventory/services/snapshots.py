"""What every stock item was when a month ended, so that old days are quickly told."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import Max, Min

from inventory.models import StockMovement, StockSnapshot
from shop.lib.locks import try_singleton

DAY = dt.timedelta(days=1)
# Items without anything are left out.
MAKE = """
insert into inventory_stocksnapshot (stock_item_id, "on", on_hand, damaged, value)
select stock_item_id, %(day)s, sum(units), sum(damaged), sum(value)
from (
    select stock_item_id, on_hand as units, damaged, value
    from inventory_stocksnapshot where "on" = %(before)s
    union all
    select stock_item_id, on_hand_change, damaged_change, value_change
    from inventory_stockmovement
    where at >= %(since)s and at < %(until)s
      and (on_hand_change <> 0 or damaged_change <> 0 or value_change <> 0)
) one
group by stock_item_id
having sum(units) <> 0 or sum(damaged) <> 0 or sum(value) <> 0
"""


@transaction.atomic
def make(*, now: dt.datetime) -> int:
    """Write the snapshots of all months that are over (UTC) and have none. Returns how many rows."""
    if not try_singleton("stock.snapshots"):
        return 0
    count = 0
    last = StockSnapshot.objects.aggregate(last=Max("on"))["last"]
    day = _end_after(last) if last else _first_end()
    this_month = now.astimezone(dt.UTC).date().replace(day=1)
    while day and day < this_month:
        count += _make(day, last)
        last, day = day, _end_after(day)
    return count


@transaction.atomic
def renew(*, now: dt.datetime) -> int:
    """Write them all anew, because something was written into the past. Returns how many rows."""
    StockSnapshot.objects.all().delete()
    return make(now=now)


def _first_end() -> dt.date | None:
    """The end of the month that the first movement is of."""
    first = StockMovement.objects.aggregate(first=Min("at"))["first"]
    return _month_end(first.astimezone(dt.UTC).date()) if first else None


def _end_after(day: dt.date) -> dt.date:
    """The end of the month after the one that ends on this day."""
    return _month_end(day + DAY)


def _month_end(day: dt.date) -> dt.date:
    return (day.replace(day=1) + 32 * DAY).replace(day=1) - DAY


def _make(day: dt.date, before: dt.date | None) -> int:
    asked = {
        "day": day,
        "before": before,
        "since": _midnight(before + DAY) if before else dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
        "until": _midnight(day + DAY),
    }
    with connection.cursor() as cursor:
        cursor.execute(MAKE, asked)
        return int(cursor.rowcount)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
