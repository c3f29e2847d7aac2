"""Batches, the next to expire first."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.models import Batch
from shop.admin.base import NEVER, ReadOnlyAdmin, badge
from shop.admin.kit import DropdownFilter

SOON = dt.timedelta(days=60)
TONES = {"over": "danger", "soon": "warning", "fine": "success"}


class ExpiryFilter(DropdownFilter):
    title = lazy("best before")
    parameter_name = "expiry"

    def lookups(self, request: Any, model_admin: Any) -> Any:  # noqa: ARG002
        return [("over", _("Past")), ("soon", _("Within 60 days")), ("none", _("No date"))]

    def queryset(self, request: Any, queryset: QuerySet[Batch]) -> QuerySet[Batch]:  # noqa: ARG002
        today = timezone.localdate()
        asked = {
            "over": Q(expires_on__lt=today),
            "soon": Q(expires_on__gte=today, expires_on__lte=today + SOON),
            "none": Q(expires_on=None),
        }
        return queryset.filter(asked.get(self.value() or "", Q()))


class ThereFilter(DropdownFilter):
    """Emptied batches are history: they are shown when they are asked for."""

    title = lazy("units")
    parameter_name = "there"

    def lookups(self, request: Any, model_admin: Any) -> Any:  # noqa: ARG002
        return [("none", _("Used up"))]

    def queryset(self, request: Any, queryset: QuerySet[Batch]) -> QuerySet[Batch]:  # noqa: ARG002
        return queryset.filter(on_hand=0) if self.value() else queryset.filter(on_hand__gt=0)


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = ("code_or_none", "sku", "piece", "location", "on_hand", "expires", "received_at")
    list_select_related = ("stock_item__variant__product", "stock_item__location")
    list_filter = (ExpiryFilter, ThereFilter, "stock_item__location")
    search_fields = ("code", "stock_item__variant__sku", "stock_item__variant__product__title")
    search_help_text = lazy("Batch, SKU or title")
    ordering = (F("expires_on").asc(nulls_last=True), "id")
    fields = ("stock_item", "code", "expires_on", "on_hand", "received_at")

    @admin.display(description=lazy("batch"), ordering="code")
    def code_or_none(self, batch: Batch) -> str:
        return str(batch)

    @admin.display(description=lazy("SKU"), ordering="stock_item__variant__sku")
    def sku(self, batch: Batch) -> str:
        return batch.stock_item.variant.sku

    @admin.display(description=lazy("piece"))
    def piece(self, batch: Batch) -> str:
        variant = batch.stock_item.variant
        return ", ".join(filter(None, (variant.product.title, variant.label)))

    @admin.display(description=lazy("location"))
    def location(self, batch: Batch) -> str:
        return str(batch.stock_item.location)

    @badge(lazy("best before"), TONES, ordering="expires_on")
    def expires(self, batch: Batch) -> tuple[str, str]:
        if batch.expires_on is None:
            return "none", NEVER
        left = batch.expires_on - timezone.localdate()
        state = "over" if left.days < 0 else "soon" if left <= SOON else "fine"
        return state, date_format(batch.expires_on, "j M Y")
