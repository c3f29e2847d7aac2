"""Transfers in a list; they are sent and unpacked in the stock room."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.admin.floor import screen
from inventory.models import Transfer
from shop.admin.base import ReadOnlyAdmin, badge

TONES = {"draft": "default", "in_transit": "warning", "received": "success"}


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    list_display = (
        *("page", "source", "target", "state", "units", "lost", "note"),
        *("created_by", "sent_at", "received_at"),
    )
    list_display_links = None
    list_select_related = ("source", "target", "created_by")
    list_filter = ("status", "source", "target", "created_at")
    search_fields = ("=number", "note", "lines__variant__sku")
    search_help_text = lazy("Number, note or SKU")
    ordering = ("-created_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transfer]:
        rows: QuerySet[Transfer] = super().get_queryset(request)
        missing = F("lines__quantity") - F("lines__received")
        return rows.annotate(sent_units=Sum("lines__quantity"), lost_units=Sum(missing))

    @admin.display(description=lazy("number"), ordering="number")
    def page(self, transfer: Transfer) -> SafeString:
        return screen("transfer", transfer.number)

    @badge(lazy("status"), TONES, ordering="status")
    def state(self, transfer: Transfer) -> tuple[str, Any]:
        return transfer.status, transfer.get_status_display()

    @admin.display(description=lazy("units"))
    def units(self, transfer: Any) -> int:
        return transfer.sent_units or 0

    @admin.display(description=lazy("lost"))
    def lost(self, transfer: Any) -> int | None:
        return transfer.lost_units or None

    def list_tools(self, request: HttpRequest) -> Any:
        tools = [*super().list_tools(request)]
        if request.user.has_perm("inventory.add_transfer"):
            tools.insert(0, {"words": _("New transfer"), "link": reverse("inventory:transfer_new")})
        return tools
