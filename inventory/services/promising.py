"""Units of a locked shelf are promised to holders."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from inventory.models import Allocation, StockItem
from inventory.services.shelves import Shelf
from inventory.services.terms import Why
from shop.lib.prepared import Prepared
from shop.lib.writing import insert

HELD = Prepared(lambda holders: Allocation.objects.filter(holder__in=holders))


@dataclass(frozen=True, slots=True)
class Take:
    holder: UUID
    item: StockItem
    units: int


def grant(shelf: Shelf, takes: Iterable[Take], why: Why) -> list[Allocation]:
    """Promise units, beside what a holder has of the same item already. The caller saves."""
    wanted = list(takes)
    holders = list({take.holder for take in wanted})
    rows: list[Allocation] = HELD.rows(holders=holders) if wanted else []
    known = {(one.holder, one.stock_item_id): one for one in rows}
    granted: dict[tuple[UUID, int], Allocation] = {}
    for take in wanted:
        key = (take.holder, take.item.pk)
        one = granted.get(key) or known.get(key) or _none_yet(take, why)
        one.quantity += take.units
        granted[key] = one
        shelf.move(take.item, why, allocated=take.units)
    Allocation.objects.bulk_update([one for one in granted.values() if one.pk], ["quantity"])
    insert(one for one in granted.values() if not one.pk)
    return list(granted.values())


def _none_yet(take: Take, why: Why) -> Allocation:
    return Allocation(holder=take.holder, stock_item=take.item, quantity=0, created_at=why.now)
