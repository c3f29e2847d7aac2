"""Disputes: cases with a deadline, read and answered on a page each."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import F, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.admin import dispute_page
from payments.models import Dispute
from shop.admin.base import ReadOnlyAdmin, badge
from shop.templatetags.shop_text import money

Status = Dispute.Status
TONES = {
    Status.NEEDS_RESPONSE: "danger",
    Status.UNDER_REVIEW: "warning",
    Status.WON: "success",
    Status.LOST: "default",
    Status.CLOSED: "default",
}
TO_ANSWER = Q(status=Status.NEEDS_RESPONSE, submitted_at=None)
SOON = dt.timedelta(days=3)


def due_soon(now: dt.datetime) -> Q:
    """Not answered, and the bank waits no longer than three days."""
    return TO_ANSWER & Q(due_at__lte=now + SOON)


class CaseFilter(admin.SimpleListFilter):
    title = lazy("case")
    parameter_name = "case"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [
            ("answer", lazy("To answer")),
            ("soon", lazy("To answer within three days")),
            ("open", lazy("Open")),
            ("mine", lazy("Mine")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Dispute]) -> QuerySet[Dispute]:
        match self.value():
            case "answer":
                return queryset.filter(TO_ANSWER)
            case "soon":
                return queryset.filter(due_soon(timezone.now()))
            case "open":
                return queryset.filter(closed_at=None)
            case "mine":
                return queryset.filter(assigned_to=request.user.pk)
        return queryset


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    list_display = ("order", "sum", "why", "state", "deadline", "assigned_to", "opened")
    list_select_related = ("payment__order", "assigned_to")
    list_filter = (CaseFilter, "status", "opened_at")
    search_fields = (
        "=payment__order__number",
        "payment__order__email",
        "payment__order__name",
        "=provider_ref",
        "reason",
    )
    search_help_text = lazy("Order number, e-mail, name, reason or the provider's reference")
    # Open ones first, the nearest deadline on top.
    ordering = (F("closed_at").desc(nulls_first=True), "due_at", "-opened_at", "-id")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.file_view)
        page = "<int:pk>/files/<int:file_id>/"
        return [path(page, view, name="payments_dispute_file"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        found = self.get_object(request, unquote(object_id))
        if found is None:
            raise Http404
        return dispute_page.show(request, self, found.pk)

    def file_view(self, request: HttpRequest, pk: int, file_id: int) -> FileResponse:
        return dispute_page.file(request, self, pk, file_id)

    @admin.display(description=lazy("order"), ordering="payment__order")
    def order(self, dispute: Dispute) -> str:
        return dispute.payment.order.number

    @admin.display(description=lazy("amount"), ordering="amount")
    def sum(self, dispute: Dispute) -> str:
        return money(dispute.amount, dispute.payment.currency)

    @admin.display(description=lazy("the bank's reason"), ordering="reason")
    def why(self, dispute: Dispute) -> str:
        return dispute.reason.replace("_", " ")

    @badge(lazy("state"), TONES, ordering="status")
    def state(self, dispute: Dispute) -> tuple[str, Any]:
        if dispute.status == Status.NEEDS_RESPONSE and dispute.submitted_at:
            return Status.UNDER_REVIEW, _("Answered")
        return dispute.status, dispute.get_status_display()

    @admin.display(description=lazy("answer by"), ordering="due_at")
    def deadline(self, dispute: Dispute) -> str:
        if dispute.due_at is None or not dispute.is_open:
            return ""
        return date_format(timezone.localtime(dispute.due_at), "j M Y, H:i")

    @admin.display(description=lazy("opened"), ordering="opened_at")
    def opened(self, dispute: Dispute) -> str:
        return date_format(timezone.localtime(dispute.opened_at), "j M Y")
