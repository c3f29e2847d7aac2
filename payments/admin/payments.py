from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from payments.admin.asking import Answer, Question, ask
from payments.admin.forms import RefundForm
from payments.models import Payment, PaymentEvent, Refund, WebhookEvent
from shop.admin.base import ReadOnlyAdmin, ReadOnlyInline, badge, button, is_list
from shop.processes import giving
from shop.templatetags.shop_text import money

NAME = "payments_payment"
REFUND_RIGHTS = ("orders.cancel_order", "payments.issue_valueaccount")


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
    actions_detail = ("give_credit",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.credit_view)
        return [path("<int:pk>/credit/", view, name=f"{NAME}_credit"), *super().get_urls()]

    @button(_("Refund as store credit"), "redeem")
    def give_credit(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(reverse(f"admin:{NAME}_credit", args=[object_id]))

    give_credit.allowed_permissions = ["credit"]  # type: ignore[attr-defined]

    def has_credit_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return request.user.has_perms(REFUND_RIGHTS)

    def credit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = get_object_or_404(Payment, pk=pk)
        return ask(request, self, _credit_question(payment))

    @admin.display(description=_("amount"))
    def asked(self, payment: Payment) -> str:
        return money(payment.amount, payment.currency)

    @admin.display(description=_("charged"))
    def paid(self, payment: Payment) -> str:
        return money(payment.charged, payment.currency)

    @admin.display(description=_("refunded"))
    def given_back(self, payment: Payment) -> str:
        return money(payment.refunded, payment.currency)


def _credit_question(payment: Payment) -> Question:
    most = payment.charged - payment.refunded - payment.refund_pending
    return Question(
        title=_("Refund as store credit"),
        words=_("The customer spends it here; the provider is not asked."),
        form=partial(RefundForm, most=most, currency=payment.currency),
        rights=REFUND_RIGHTS,
        run=partial(_refund_as_credit, payment),
        back=reverse(f"admin:{NAME}_change", args=[payment.pk]),
    )


def _refund_as_credit(payment: Payment, answer: Answer) -> str:
    data = answer.data
    giving.refund_as_credit(
        payment_id=payment.pk,
        amount=data["amount"],
        reason=data["reason"],
        actor=answer.actor,
        now=answer.now,
    )
    return gettext("%(amount)s went back as store credit.") % {
        "amount": money(data["amount"], payment.currency)
    }


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
