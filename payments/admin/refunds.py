"""Refunds on their way: how far, how long already, and what to do about those that are stuck."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from payments.admin import refund_steps
from payments.models import Refund
from payments.services import refund_words, refunds
from shop.admin.base import ReadOnlyAdmin, badge
from shop.templatetags.shop_text import money

Status = Refund.Status
TONES = {"pending": "warning", "by_hand": "warning", "succeeded": "success", "failed": "danger"}
NAME = "payments_refund"


class OpenRefundsFilter(admin.SimpleListFilter):
    title = lazy("paid out")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [
            ("1", lazy("Not yet")),
            ("hand", lazy("To be sent by hand")),
            ("failed", lazy("Failed, and nothing instead")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Refund]) -> QuerySet[Refund]:  # noqa: ARG002
        match self.value():
            case "1":
                return queryset.filter(refunds.unpaid())
            case "hand":
                return queryset.filter(refunds.sent_by_hand(), status=Status.PENDING)
            case "failed":
                return queryset.filter(refunds.unpaid(), status=Status.FAILED)
        return queryset


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Every step is asked on a page of its own, for one refund or many, and reported row by row."""

    list_display = ("order", "sum", "goes", "state", "age", "reason", "requested_by", "settled_at")
    list_select_related = ("payment__order", "requested_by", "grant")
    list_filter = (OpenRefundsFilter, "status", "payment__provider", "grant__kind", "requested_at")
    search_fields = (
        "=payment__order__number",
        "=provider_ref",
        "payment__order__email",
        "payment__order__name",
        "reason",
    )
    search_help_text = lazy("Order number, e-mail, name, reason or the provider's reference")
    ordering = ("-requested_at", "-id")
    actions = ("again", "sent")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What waits is read oldest first."""
        return ("requested_at", "id") if "open" in request.GET else self.ordering

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.step_view)
        return [path("steps/<slug:slug>/", view, name=f"{NAME}_step"), *super().get_urls()]

    def step_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        return refund_steps.show(request, self, slug)

    def has_refund_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(refund_steps.RIGHT)

    @admin.display(description=lazy("order"), ordering="payment__order")
    def order(self, refund: Refund) -> SafeString:
        order = refund.payment.order
        page = reverse("admin:orders_order_change", args=[order.pk])
        return format_html('<a href="{}">{}</a>', page, order.number)

    @admin.display(description=lazy("amount"), ordering="amount")
    def sum(self, refund: Refund) -> str:
        return money(refund.amount, refund.payment.currency)

    @admin.display(description=lazy("goes to"))
    def goes(self, refund: Refund) -> str:
        return refund_words.destination(refund)

    @badge(lazy("state"), TONES, ordering="status")
    def state(self, refund: Refund) -> tuple[str, Any]:
        if refund.status == Status.PENDING and refunds.is_by_hand(refund):
            return "by_hand", _("To be sent by hand")
        if refund.status == Status.FAILED and refund.message:
            return refund.status, f"{refund.get_status_display()}: {refund.message}"
        return refund.status, refund.get_status_display()

    @admin.display(description=lazy("approved, not paid"), ordering="requested_at")
    def age(self, refund: Refund) -> str:
        if refund.status == Status.SUCCEEDED:
            return ""
        return waited(timezone.now() - refund.requested_at)

    @admin.action(description=lazy("Pay again, or another way …"), permissions=["refund"])
    def again(self, request: HttpRequest, chosen: QuerySet[Refund]) -> HttpResponse:
        return refund_steps.start(request, chosen, "again")

    @admin.action(description=lazy("I have sent it …"), permissions=["refund"])
    def sent(self, request: HttpRequest, chosen: QuerySet[Refund]) -> HttpResponse:
        return refund_steps.start(request, chosen, "sent")


def waited(time: dt.timedelta) -> str:
    """ "3 days", "5 hours", "12 minutes"."""
    if time.days:
        return ngettext("%(n)s day", "%(n)s days", time.days) % {"n": time.days}
    hours, minutes = time.seconds // 3600, time.seconds // 60
    if hours:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
