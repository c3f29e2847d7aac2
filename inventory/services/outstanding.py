"""Outstanding: units on order that are still to come, kept in StockItem.incoming."""

from collections.abc import Iterable, Mapping

from inventory.models import PurchaseOrder, PurchaseOrderLine, StockItem
from inventory.services import stock


def of(lines: Iterable[PurchaseOrderLine]) -> dict[int, int]:
    """What is still to come of these lines: variant id > units."""
    return {line.variant_id: line.outstanding for line in lines if line.outstanding}


def change(*, order: PurchaseOrder, units: Mapping[int, int]) -> None:
    """Expect more units (or fewer, below zero) at an order's location. The order must be locked."""
    if not units:
        return
    stock.hold(variant_ids=list(units), location=order.location)
    items = list(StockItem.objects.filter(location=order.location, variant__in=units))
    for item in items:
        item.incoming += units[item.variant_id]
    StockItem.objects.bulk_update(items, ["incoming"])
