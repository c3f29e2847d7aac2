"""Claims: the ones with the nearest deadline first."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as lazy

from orders.admin.case_pages import CaseAdmin
from orders.admin.claim_steps import STEPS
from orders.models import Claim, ClaimEvent, ClaimLine
from shop.admin.base import ReadOnlyInline, badge

TONES = {
    Claim.Status.OPEN: "warning",
    Claim.Status.INVESTIGATING: "info",
    Claim.Status.SETTLED: "success",
    Claim.Status.DECLINED: "danger",
}


class LineInline(ReadOnlyInline):
    model = ClaimLine
    fields = ("order_line", "quantity")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimLine]:
        rows: QuerySet[ClaimLine] = super().get_queryset(request)
        return rows.select_related("order_line")


class EventInline(ReadOnlyInline):
    model = ClaimEvent
    fields = ("at", "from_state", "to_state", "actor", "note")
    readonly_fields = fields
    ordering = ("at", "id")


@admin.register(Claim)
class ClaimAdmin(CaseAdmin):
    STEPS = STEPS
    list_display = (
        *("number", "order_link", "kind", "state", "wish", "outcome", "carrier_pays", "due_at"),
        "opened_at",
    )
    list_select_related = ("order",)
    list_filter = ("status", "kind", "outcome", "opened_at")
    search_fields = ("=number", "order__number", "order__email")
    search_help_text = lazy("Claim, order or e-mail")
    ordering = ("due_at", "id")
    inlines = (LineInline, EventInline)
    fields = (
        *("number", "order_link", "kind", "status", "steps", "wish", "outcome", "words"),
        *("decline_reason", "carrier_pays", "due_at", "opened_by", "opened_at", "closed_at"),
        "pictures",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return self.fields

    @badge(lazy("state"), TONES, ordering="status")
    def state(self, claim: Claim) -> tuple[str, Any]:
        return claim.status, claim.get_status_display()
