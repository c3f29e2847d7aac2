"""What is told of the stock of a variant."""

from collections.abc import Iterable
from typing import Any

from catalog.models import Variant
from inventory.models import StockItem


def subject(variant: Variant) -> str:
    return f"stock-{variant.sku}"


def data(variant: Variant, items: Iterable[StockItem]) -> dict[str, Any]:
    """available: units that can be promised from goods that are there; the rest by location."""
    places = [_place(item) for item in items]
    return {
        "sku": variant.sku,
        "variant_id": variant.pk,
        "product_id": variant.product_id,
        "on_hand": sum(place["on_hand"] for place in places),
        "available": sum(place["available"] for place in places),
        "locations": places,
    }


def _place(item: StockItem) -> dict[str, Any]:
    names = ("on_hand", "allocated", "reserved", "incoming", "damaged", "available")
    return {"location": item.location.code, **{name: getattr(item, name) for name in names}}


def items_of(variant_ids: Iterable[int]) -> dict[int, list[StockItem]]:
    """Stock items by variant, in the order of the locations."""
    rows = StockItem.objects.filter(variant__in=list(variant_ids)).select_related("location")
    found: dict[int, list[StockItem]] = {}
    for item in rows.order_by("location__position", "pk"):
        found.setdefault(item.variant_id, []).append(item)
    return found
