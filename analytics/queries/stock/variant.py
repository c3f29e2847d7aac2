"""Everything about the stock of one variant."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from catalog.models import Variant
from inventory.models import (
    Allocation,
    Backorder,
    Batch,
    BinItem,
    Forecast,
    PurchaseOrder,
    PurchaseOrderLine,
    Reservation,
    StockItem,
    SupplierOffer,
)
from orders.models import OrderLine

# More than this in line is told as a number.
MOST = 50
DRAFT = PurchaseOrder.Status.DRAFT


@dataclass(frozen=True, slots=True)
class InLine:
    """Somebody who has units, keeps them, or waits for them. line: None for one who still pays."""

    row: Any
    line: OrderLine | None


def variant_of(sku: str) -> Variant | None:
    return Variant.objects.select_related("product", "stock_policy").filter(sku=sku).first()


def items_of(variant: Variant) -> list[StockItem]:
    """In the order of locations, with .bin_items and .live_batches."""
    bins = BinItem.objects.select_related("bin").order_by("position", "pk")
    batches = Batch.objects.filter(on_hand__gt=0).order_by("expires_on", "pk")
    return list(
        variant.stock_items.select_related("location")
        .prefetch_related(
            Prefetch("bin_items", bins), Prefetch("batches", batches, to_attr="live_batches")
        )
        .order_by("location__position", "pk")
    )


def offers_of(variant: Variant) -> QuerySet[SupplierOffer]:
    rows = variant.supplier_offers.select_related("supplier").prefetch_related("breaks")
    return rows.order_by("-is_preferred", "-is_active", "cost", "pk")


def purchases_of(variant: Variant) -> QuerySet[PurchaseOrderLine]:
    """Lines of drafts and of orders that are still to come."""
    return (
        PurchaseOrderLine.objects.filter(
            variant=variant, order__status__in=[DRAFT, *PurchaseOrder.OPEN]
        )
        .select_related("order__supplier", "order__location")
        .order_by("order__expected_on", "order__pk")
    )


def forecast_of(variant: Variant) -> Forecast | None:
    return Forecast.objects.filter(variant=variant, is_current=True).first()


def waiting_of(variant: Variant) -> list[InLine]:
    """Backorders in the order in which they are filled."""
    return _with_lines(Backorder.objects.filter(variant=variant).order_by("created_at", "pk"))


def allocated_of(variant: Variant) -> list[InLine]:
    """Promises, oldest first."""
    rows = Allocation.objects.filter(stock_item__variant=variant)
    return _with_lines(rows.select_related("stock_item__location").order_by("created_at", "pk"))


def reserved_of(variant: Variant) -> list[InLine]:
    """Shoppers who are paying. Their carts have no page."""
    rows = Reservation.objects.filter(stock_item__variant=variant)
    found = rows.select_related("stock_item__location").order_by("until", "pk")[:MOST]
    return [InLine(row, None) for row in found]


def _with_lines(rows: "QuerySet[Any]") -> list[InLine]:
    found = list(rows[:MOST])
    lines = _lines(row.holder for row in found)
    return [InLine(row, lines.get(row.holder)) for row in found]


def _lines(holders: Iterable[UUID]) -> dict[UUID, OrderLine]:
    lines = OrderLine.objects.filter(holder__in=list(holders)).select_related("order")
    return {line.holder: line for line in lines}
