from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext_lazy as _

from payments.admin import holds
from payments.admin.asking import ask
from payments.models import Capture, Payment, PaymentEvent, Refund, WebhookEvent
from shop.admin.base import ReadOnlyAdmin, ReadOnlyInline, badge, button, is_list
from shop.templatetags.shop_text import money

NAME = "payments_payment"


class EventInline(ReadOnlyInline):
    model = PaymentEvent
    fields = ("at", "kind", "stage", "amount", "provider_ref", "message")
    ordering = ("at", "id")


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = ("requested_at", "amount", "reason", "status", "requested_by", "settled_at")
    ordering = ("requested_at", "id")


class CaptureInline(ReadOnlyInline):
    model = Capture
    fields = (
        "requested_at",
        "amount",
        "is_final",
        "status",
        "message",
        "requested_by",
        "settled_at",
    )
    ordering = ("requested_at", "id")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = (
        "order",
        "provider",
        "attempt",
        "asked",
        "held",
        "paid",
        "given_back",
        "is_open",
        "created_at",
    )
    list_select_related = ("order",)
    list_filter = ("provider", holds.HeldFilter, "is_open")
    search_fields = ("=order__number", "=provider_ref")
    search_help_text = _("Order number or the provider's reference")
    ordering = ("-created_at", "-id")
    inlines = (EventInline, CaptureInline, RefundInline)
    actions = ("take_all", "let_go_all")
    actions_detail = ("take", "let_go")

    def get_urls(self) -> list[URLPattern]:
        hold = self.admin_site.admin_view(self.hold_view)
        return [
            path("holds/<slug:verb>/", hold, name=f"{NAME}_hold"),
            *super().get_urls(),
        ]

    def hold_view(self, request: HttpRequest, verb: str) -> HttpResponse:
        return ask(request, self, holds.question(request, verb))

    @button(_("Take"), "point_of_sale")
    def take(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(holds.address("take", [int(object_id)]))

    take.allowed_permissions = ["capture"]  # type: ignore[attr-defined]

    @button(_("Let go"), "undo")
    def let_go(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(holds.address("void", [int(object_id)]))

    let_go.allowed_permissions = ["void"]  # type: ignore[attr-defined]

    @admin.action(description=_("Take what is held"), permissions=["capture"])
    def take_all(self, request: HttpRequest, chosen: QuerySet[Payment]) -> HttpResponse:
        return holds.start(request, chosen, "take")

    @admin.action(description=_("Let go of what is held"), permissions=["void"])
    def let_go_all(self, request: HttpRequest, chosen: QuerySet[Payment]) -> HttpResponse:
        return holds.start(request, chosen, "void")

    def has_capture_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return request.user.has_perm("payments.capture_payment")

    def has_void_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return request.user.has_perm("payments.void_payment")

    @admin.display(description=_("amount"))
    def asked(self, payment: Payment) -> str:
        return money(payment.amount, payment.currency)

    @badge(_("held"), {"held": "info", "soon": "danger"})
    def held(self, payment: Payment) -> tuple[str, str]:
        return holds.hold_state(payment)

    @admin.display(description=_("charged"))
    def paid(self, payment: Payment) -> str:
        return money(payment.charged, payment.currency)

    @admin.display(description=_("refunded"))
    def given_back(self, payment: Payment) -> str:
        return money(payment.refunded, payment.currency)


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    list_display = ("kind", "provider", "provider_id", "received_at", "processed_at", "outcome")
    list_filter = ("provider", "kind")
    search_fields = ("=provider_id", "kind")
    ordering = ("-received_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEvent]:
        rows = super().get_queryset(request)
        return rows.defer("payload") if is_list(request) else rows
