from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from payments.models import Payment, PaymentEvent, Refund, WebhookEvent
from shop.admin.base import ReadOnlyAdmin, ReadOnlyInline, badge, is_list
from shop.templatetags.shop_text import money


class EventInline(ReadOnlyInline):
    model = PaymentEvent
    fields = ("at", "kind", "stage", "amount", "provider_ref", "message")
    ordering = ("at", "id")


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = ("requested_at", "amount", "reason", "status", "requested_by", "settled_at")
    ordering = ("requested_at", "id")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = (
        "order",
        "provider",
        "attempt",
        "asked",
        "paid",
        "given_back",
        "is_open",
        "created_at",
    )
    list_select_related = ("order",)
    list_filter = ("provider", "is_open")
    search_fields = ("=order__number", "=provider_ref")
    search_help_text = _("Order number or the provider's reference")
    ordering = ("-created_at", "-id")
    inlines = (EventInline, RefundInline)

    @admin.display(description=_("amount"))
    def asked(self, payment: Payment) -> str:
        return money(payment.amount, payment.currency)

    @admin.display(description=_("charged"))
    def paid(self, payment: Payment) -> str:
        return money(payment.charged, payment.currency)

    @admin.display(description=_("refunded"))
    def given_back(self, payment: Payment) -> str:
        return money(payment.refunded, payment.currency)


class OpenRefundsFilter(admin.SimpleListFilter):
    title = _("settled")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [("1", _("Not yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Refund]) -> QuerySet[Refund]:  # noqa: ARG002
        return queryset.exclude(status=Refund.Status.SUCCEEDED) if self.value() else queryset


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ("order", "sum", "reason", "state", "requested_by", "requested_at", "settled_at")
    list_select_related = ("payment__order", "requested_by")
    list_filter = (OpenRefundsFilter, "status")
    search_fields = ("=payment__order__number", "=provider_ref")
    search_help_text = _("Order number or the provider's reference")
    ordering = ("-requested_at", "-id")

    @admin.display(description=_("order"))
    def order(self, refund: Refund) -> str:
        return refund.payment.order.number

    @admin.display(description=_("amount"), ordering="amount")
    def sum(self, refund: Refund) -> str:
        return money(refund.amount, refund.payment.currency)

    @badge(_("status"), {"pending": "warning", "succeeded": "success", "failed": "danger"})
    def state(self, refund: Refund) -> tuple[str, str]:
        return refund.status, refund.get_status_display()


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    list_display = ("kind", "provider", "provider_id", "received_at", "processed_at", "outcome")
    list_filter = ("provider", "kind")
    search_fields = ("=provider_id", "kind")
    ordering = ("-received_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEvent]:
        rows = super().get_queryset(request)
        return rows.defer("payload") if is_list(request) else rows
