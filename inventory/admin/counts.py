"""Stock takes in a list; they are counted and approved in the stock room."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.admin.floor import screen
from inventory.models import StockCount
from shop.admin.base import ReadOnlyAdmin, badge

TONES = {"open": "info", "counted": "warning", "approved": "success"}


@admin.register(StockCount)
class StockCountAdmin(ReadOnlyAdmin):
    list_display = (
        *("page", "name", "location", "state", "progress", "created_by", "created_at"),
        *("approved_by", "approved_at"),
    )
    list_display_links = None
    list_select_related = ("location", "created_by", "approved_by")
    list_filter = ("status", "location", "created_at")
    search_fields = ("=number", "name")
    search_help_text = lazy("Number or name")
    ordering = ("-created_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockCount]:
        done = Count("lines", filter=Q(lines__counted__gte=0))
        rows: QuerySet[StockCount] = super().get_queryset(request)
        return rows.annotate(places=Count("lines"), done=done)

    @admin.display(description=lazy("number"), ordering="number")
    def page(self, count: StockCount) -> SafeString:
        return screen("count", count.number)

    @badge(lazy("status"), TONES, ordering="status")
    def state(self, count: StockCount) -> tuple[str, Any]:
        return count.status, count.get_status_display()

    @admin.display(description=lazy("counted"))
    def progress(self, count: Any) -> str:
        return _("%(done)s of %(places)s") % {"done": count.done, "places": count.places}

    def list_tools(self, request: HttpRequest) -> Any:
        tools = [*super().list_tools(request)]
        if request.user.has_perm("inventory.add_stockcount"):
            tools.insert(0, {"words": _("New count"), "link": reverse("inventory:count_new")})
        return tools
