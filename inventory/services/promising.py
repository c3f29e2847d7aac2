"""Units of a locked shelf are promised to holders."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from inventory.models import Allocation, StockItem
from inventory.services.shelves import Shelf
from inventory.services.terms import Why


@dataclass(frozen=True, slots=True)
class Take:
    holder: UUID
    item: StockItem
    units: int


def grant(shelf: Shelf, takes: Iterable[Take], why: Why) -> list[Allocation]:
    """Promise units, beside what a holder has of the same item already. The caller saves."""
    wanted = list(takes)
    rows = Allocation.objects.filter(
        holder__in={take.holder for take in wanted},
        stock_item__in={take.item.pk for take in wanted},
    )
    known = {(one.holder, one.stock_item_id): one for one in rows} if wanted else {}
    granted: dict[tuple[UUID, int], Allocation] = {}
    for take in wanted:
        key = (take.holder, take.item.pk)
        one = granted.get(key) or known.get(key) or _none_yet(take, why)
        one.quantity += take.units
        granted[key] = one
        shelf.move(take.item, why, allocated=take.units)
    Allocation.objects.bulk_update([one for one in granted.values() if one.pk], ["quantity"])
    Allocation.objects.bulk_create(one for one in granted.values() if not one.pk)
    return list(granted.values())


def _none_yet(take: Take, why: Why) -> Allocation:
    return Allocation(holder=take.holder, stock_item=take.item, quantity=0, created_at=why.now)
