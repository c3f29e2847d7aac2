"""Lists that suppliers publish: how to read them, and each reading."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.models import FeedRun, SupplierFeed
from shop.admin.base import NEVER, ReadOnlyAdmin, ShopAdmin, badge
from shop.processes.replenishment import feeds

TONES = {
    FeedRun.Status.FAILED: "danger",
    FeedRun.Status.PENDING: "warning",
    FeedRun.Status.DECIDED: "success",
}


@admin.register(SupplierFeed)
class SupplierFeedAdmin(ShopAdmin):
    list_display = ("supplier", "url", "format", "every_hours", "is_active", "read_at")
    list_select_related = ("supplier",)
    list_filter = ("is_active", "format")
    search_fields = ("supplier__name", "url")
    ordering = ("supplier__name", "id")
    fields = (
        *("supplier", "url", "format", "sku_field", "stock_field", "cost_field", "rows_path"),
        *("every_hours", "is_active", "read_at"),
    )
    readonly_fields = ("read_at",)
    actions = ("read_now",)

    @admin.action(description=lazy("Read now"), permissions=["change"])
    def read_now(self, request: HttpRequest, chosen: QuerySet[SupplierFeed]) -> None:
        """By a worker: their server may take its time."""
        ids = list(chosen.values_list("pk", flat=True))
        feeds.ask(feed_ids=ids, now=timezone.now())
        messages.success(request, _("They are being read; look at the readings in a minute."))

    def list_tools(self, request: HttpRequest) -> Any:
        readings = reverse("admin:inventory_feedrun_changelist")
        return [{"words": _("Readings"), "link": readings}, *super().list_tools(request)]


@admin.register(FeedRun)
class FeedRunAdmin(ReadOnlyAdmin):
    list_display = ("at", "supplier", "state", "rows", "unknown", "to_decide", "first_problem")
    list_select_related = ("feed__supplier", "decided_by")
    list_filter = ("status", ("feed", admin.RelatedOnlyFieldListFilter))
    search_fields = ("feed__supplier__name",)
    ordering = ("-at", "-id")
    fields = (
        *("feed", "state", "at", "rows", "unknown", "to_decide", "all_problems"),
        *("decided_by", "decided_at"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeedRun]:
        count = Count("changes", filter=Q(changes__decision=""))
        rows: QuerySet[FeedRun] = super().get_queryset(request)
        return rows.annotate(open=count)

    @admin.display(description=lazy("supplier"), ordering="feed__supplier__name")
    def supplier(self, run: FeedRun) -> str:
        return str(run.feed.supplier)

    @badge(lazy("status"), TONES, ordering="status")
    def state(self, run: FeedRun) -> tuple[str, str]:
        return run.status, run.get_status_display()

    @admin.display(description=lazy("changes to look at"))
    def to_decide(self, run: Any) -> str | SafeString:
        if run.status != FeedRun.Status.PENDING:
            return NEVER
        page = reverse("admin:inventory_feedchange_changelist")
        return format_html('<a href="{}?run__id__exact={}">{}</a>', page, run.pk, run.open)

    @admin.display(description=lazy("problem"))
    def first_problem(self, run: FeedRun) -> str:
        return _worded(run.problems[0]) if run.problems else NEVER

    @admin.display(description=lazy("problems"))
    def all_problems(self, run: FeedRun) -> str:
        return "; ".join(map(_worded, run.problems)) or NEVER


def _worded(problem: dict[str, Any]) -> str:
    words = str(problem["words"])
    if not problem["row"]:
        return words
    return _("Row %(row)s: %(words)s") % {"row": problem["row"], "words": words}
