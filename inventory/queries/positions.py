"""What there is of a variant and what is coming: by which the shop decides to order."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Sum, Value
from django.db.models.functions import Greatest

from inventory.models import Backorder, Location, PurchaseOrder, PurchaseOrderLine, StockItem

FREE = Greatest(F("on_hand") - F("allocated") - F("reserved") - F("safety"), Value(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Units over all locations that send orders. drafted: on drafts that a person made."""

    available: int
    incoming: int
    owed: int
    drafted: int
    location_id: int  # where more of it goes

    @property
    def units(self) -> int:
        return self.available + self.incoming + self.drafted - self.owed


def positions(variant_ids: Collection[int]) -> dict[int, Position]:
    """By variant; one without a place of our own is left out. Four queries."""
    items = StockItem.objects.filter(
        variant__in=variant_ids, location__is_active=True, location__sends_orders=True
    )
    free = _sums(items, FREE)
    incoming = _sums(items, F("incoming"))
    owed = _sums(Backorder.objects.filter(variant__in=variant_ids), F("quantity"))
    drafts = PurchaseOrderLine.objects.filter(
        variant__in=variant_ids,
        order__status=PurchaseOrder.Status.DRAFT,
        order__is_suggested=False,
    )
    drafted = _sums(drafts, F("quantity"))
    return {
        variant: Position(
            available=free.get(variant, 0),
            incoming=incoming.get(variant, 0),
            owed=owed.get(variant, 0),
            drafted=drafted.get(variant, 0),
            location_id=location,
        )
        for variant, location in _homes(items).items()
    }


def _sums(rows: QuerySet[Any], units: Any) -> dict[int, int]:
    totals = rows.order_by().values("variant").annotate(total=Sum(units))
    return dict(totals.values_list("variant", "total"))


def _homes(items: QuerySet[StockItem]) -> dict[int, int]:
    """The first of our own locations that keeps it."""
    ours = items.exclude(location__kind=Location.Kind.PARTNER)
    first = ours.order_by("variant", "location__position", "location").distinct("variant")
    return dict(first.values_list("variant", "location"))
