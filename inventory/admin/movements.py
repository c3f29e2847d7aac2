"""The ledger of every change to stock."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as lazy

from inventory.models import StockMovement
from shop.admin.base import ReadOnlyAdmin


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "sku",
        "kind",
        "on_hand_change",
        "allocated_change",
        "reason",
        "reference",
        "actor",
    )
    list_select_related = ("stock_item__variant", "actor")
    list_filter = ("kind", "at")
    search_fields = ("stock_item__variant__sku", "=reference")
    search_help_text = lazy("SKU or order number")
    ordering = ("-at", "-id")

    @admin.display(description=lazy("SKU"))
    def sku(self, movement: StockMovement) -> str:
        return movement.stock_item.variant.sku
