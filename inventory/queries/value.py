"""What stock was worth at the end of any day: the last snapshot before it, and movements since."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Max

from inventory.models import Location, StockSnapshot
from shop.lib.money import ZERO
from shop.lib.workdays import shop_zone

DAY = dt.timedelta(days=1)
LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# The condition of movements is that of their index, so that the index alone is read. What is on its
# way lies nowhere and is a part of what a variant is worth.
WORTH = """
with item as (
    select stock_item_id, sum(units) as units, sum(damaged) as damaged, sum(value) as value
    from (
        select stock_item_id, on_hand as units, damaged, value
        from inventory_stocksnapshot where "on" = %(snapshot)s
        union all
        select stock_item_id, on_hand_change, damaged_change, value_change
        from inventory_stockmovement
        where at >= %(since)s and at < %(until)s
          and (on_hand_change <> 0 or damaged_change <> 0 or value_change <> 0)
    ) one group by stock_item_id
), way as (
    select l.variant_id, sum(l.quantity) as units
    from inventory_transfer t join inventory_transferline l on l.transfer_id = t.id
    where t.sent_at < %(until)s and (t.received_at is null or t.received_at >= %(until)s)
    group by l.variant_id
), variant as (
    select s.variant_id, sum(i.value) as value, sum(i.units) + coalesce(max(w.units), 0) as units,
           sum(i.units) filter (where {here}) as units_here,
           sum(i.damaged) filter (where {here}) as damaged_here
    from item i join inventory_stockitem s on s.id = i.stock_item_id
    left join way w on w.variant_id = s.variant_id
    group by s.variant_id
), worth as (
    select variant_id, {units} as units, coalesce(damaged_here, 0) as damaged, {value} as value
    from variant
), found as (
    select w.*, v.sku, v.label, p.title
    from worth w
    join catalog_variant v on v.id = w.variant_id
    join catalog_product p on p.id = v.product_id
    where (w.units <> 0 or w.damaged <> 0 or w.value <> 0) and {named}
), total as (
    select count(*) as variants, coalesce(sum(units), 0) as units,
           coalesce(sum(damaged), 0) as damaged, coalesce(sum(value), 0) as value
    from found
)
select t.variants, t.units, t.damaged, t.value,
       f.variant_id, f.sku, f.title, f.label, f.units, f.damaged, f.value
from total t left join (
    select * from found order by value desc, variant_id limit %(most)s offset %(skip)s
) f on true
order by f.value desc, f.variant_id
"""
EVERYWHERE = {"here": "true", "units": "units", "value": "value"}
AT_ONE_PLACE = {
    "here": "s.location_id = %(location)s",
    "units": "coalesce(units_here, 0)",
    "value": "coalesce(round(value * units_here / nullif(units, 0), 3), 0)",
}
NAMED = "(v.sku ilike %(like)s or p.title ilike %(like)s)"


@dataclass(frozen=True, slots=True)
class VariantWorth:
    """Good and damaged units of a variant, and what the good ones were worth together."""

    variant_id: int
    sku: str
    title: str
    label: str
    units: int
    damaged: int
    value: Decimal

    @property
    def average(self) -> Decimal:
        """Cost of a unit; zero without units."""
        return self.value / self.units if self.units else ZERO


@dataclass(frozen=True, slots=True)
class StockWorth:
    """The sum of a day, in the books' currency, and some of the variants it is made of."""

    day: dt.date
    variants: int
    units: int
    damaged: int
    value: Decimal
    rows: list[VariantWorth]


def value_on(
    day: dt.date,
    location: Location | None = None,
    *,
    search: str = "",
    most: int = 0,
    skip: int = 0,
) -> StockWorth:
    """What stock was worth when the day ended in the shop, the dearest variants first.

    location: only what lay there, at the average of each variant; goods on their way between
    locations are counted when none is given. most: how many variants to tell of; none for the sum
    alone. search: a part of a SKU or title. Two queries.
    """
    until = dt.datetime.combine(day + DAY, dt.time(), tzinfo=shop_zone())
    snapshot = _snapshot_before(until)
    asked: dict[str, Any] = {
        "snapshot": snapshot,
        "since": _after(snapshot) if snapshot else LONG_AGO,
        "until": until,
        "location": location and location.pk,
        "like": f"%{_plain(search)}%",
        "most": most,
        "skip": skip,
    }
    place = AT_ONE_PLACE if location else EVERYWHERE
    sql = WORTH.format(**place, named=NAMED if search else "true")
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        rows = cursor.fetchall()
    variants, units, damaged, value = rows[0][:4]
    told = [VariantWorth(*row[4:]) for row in rows if row[4]]
    return StockWorth(day, variants, units, damaged, value, told)


def _snapshot_before(until: dt.datetime) -> dt.date | None:
    """The last month's end (UTC) that lies before a moment and was kept."""
    last = until.astimezone(dt.UTC).date() - DAY
    kept = StockSnapshot.objects.filter(on__lte=last).aggregate(last=Max("on"))
    found: dt.date | None = kept["last"]
    return found


def _after(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + DAY, dt.time(), tzinfo=dt.UTC)


def _plain(text: str) -> str:
    """Without the signs that a pattern gives a meaning."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
