"""First in, first out: the newest deliveries that cover what is on hand.

The shop books at a moving average; this is the other figure that accountants ask for, worked out
when somebody looks. Units that no delivery covers, because they were found or there before the first
one, are taken at the average.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

LAYERS = """
with came as (
    select s.variant_id, m.id, m.at, m.reference, m.on_hand_change as units, m.value_change as value,
           sum(m.on_hand_change) over (
               partition by s.variant_id order by m.at desc, m.id desc
           ) as so_far
    from inventory_stockmovement m join inventory_stockitem s on s.id = m.stock_item_id
    where m.kind = 'receipt' and m.on_hand_change > 0 {of_came}
), layer as (
    select v.variant_id, c.id, c.at, c.reference,
           least(c.units, v.units - (c.so_far - c.units)) as units,
           c.value / c.units as unit_cost
    from inventory_valuation v join came c on c.variant_id = v.variant_id
    where c.so_far - c.units < v.units
)
"""
VALUES = (
    LAYERS  # noqa: S608 - our own constants
    + """
select v.variant_id, v.units, v.value, coalesce(l.units, 0),
       coalesce(l.value, 0)
       + case when v.units = 0 then 0
              else round(v.value * (v.units - coalesce(l.units, 0)) / v.units, 3) end
from inventory_valuation v left join (
    select variant_id, sum(units) as units, sum(round(units * unit_cost, 3)) as value
    from layer group by variant_id
) l on l.variant_id = v.variant_id
where true {of_valued}
"""
)
TOTAL = (
    "select coalesce(sum(fifo), 0) from ({values}) worth (variant_id, units, value, covered, fifo)"
)
ONE = LAYERS + "select at, reference, units, unit_cost from layer order by at desc, id desc"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Fifo:
    """What a variant's units are worth first in, first out, beside their moving average.

    covered: how many of them the newest deliveries explain.
    """

    variant_id: int
    units: int
    average_value: Decimal
    covered: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Layer:
    """Units of one delivery that are still there, first in, first out."""

    at: dt.datetime
    reference: str
    units: int
    unit_cost: Decimal

    @property
    def value(self) -> Decimal:
        return self.units * self.unit_cost


def fifo_of(variant_ids: Collection[int]) -> dict[int, Fifo]:
    """First in, first out of some variants; those never valued are left out. One query."""
    rows = _rows(_of(VALUES), list(variant_ids))
    return {row[0]: Fifo(*row) for row in rows}


def fifo_total() -> Decimal:
    """First in, first out of all there is. One query."""
    values = VALUES.format(of_came="", of_valued="")
    ((total,),) = _rows(TOTAL.format(values=values), None)
    return Decimal(total)


def layers(variant_id: int) -> list[Layer]:
    """The deliveries that a variant's units are from, newest first. One query."""
    return [Layer(*row) for row in _rows(_of(ONE), [variant_id])]


def _of(sql: str) -> str:
    wanted = "= any(%(variants)s)"
    return sql.format(of_came=f"and s.variant_id {wanted}", of_valued=f"and v.variant_id {wanted}")


def _rows(sql: str, variants: list[int] | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"variants": variants})
        return list(cursor.fetchall())
