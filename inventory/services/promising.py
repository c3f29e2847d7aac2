"""Units of a locked shelf are promised to holders."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from inventory.models import StockItem
from inventory.services.shelves import Shelf
from inventory.services.terms import Why
from shop.lib.writing import run

GRANT = """
insert into inventory_allocation as known (holder, stock_item_id, quantity, created_at)
select holder, item, units, %s::timestamptz
from unnest(%s::uuid[], %s::bigint[], %s::int[]) as new (holder, item, units)
on conflict (holder, stock_item_id) do update set quantity = known.quantity + excluded.quantity
"""


@dataclass(frozen=True, slots=True)
class Take:
    holder: UUID
    item: StockItem
    units: int


def grant(shelf: Shelf, takes: Iterable[Take], why: Why) -> None:
    """Promise units, beside what a holder has of the same item already. The caller saves."""
    units = Counter[tuple[UUID, int]]()
    for take in takes:
        units[take.holder, take.item.pk] += take.units
        shelf.move(take.item, why, allocated=take.units)
    if units:
        holders, items = zip(*units, strict=True)
        run(GRANT, [why.now, list(holders), list(items), list(units.values())])
