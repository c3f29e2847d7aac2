"""Returns and exchanges: found in a list, decided many at a time."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as lazy

from orders.admin.case_pages import CaseAdmin
from orders.admin.return_steps import STEPS
from orders.models import CasePhoto, Exchange, ExchangeLine, Return, ReturnEvent, ReturnLine
from shop.admin.base import ReadOnlyAdmin, ReadOnlyInline, badge
from shop.templatetags.shop_text import money

Status = Return.Status
TONES = {
    Status.REQUESTED: "warning",
    Status.APPROVED: "info",
    Status.IN_TRANSIT: "info",
    Status.RECEIVED: "warning",
    Status.INSPECTED: "warning",
    Status.CLOSED: "success",
    Status.DECLINED: "danger",
}


class LineInline(ReadOnlyInline):
    model = ReturnLine
    fields = ("order_line", "quantity", "reason", "note", "received", "found")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnLine]:
        rows: QuerySet[ReturnLine] = super().get_queryset(request)
        return rows.select_related("order_line", "reason").prefetch_related("checks")

    @admin.display(description=lazy("found"))
    def found(self, line: ReturnLine) -> str:
        return ", ".join(
            f"{one.quantity} × {one.get_disposition_display()}" for one in line.checks.all()
        )


class EventInline(ReadOnlyInline):
    model = ReturnEvent
    fields = ("at", "from_state", "to_state", "actor", "note")
    readonly_fields = fields
    ordering = ("at", "id")


class OpenFilter(admin.SimpleListFilter):
    title = lazy("waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # noqa: ARG002
        return [
            ("answer", lazy("An answer")),
            ("check", lazy("A look")),
            ("money", lazy("Its money")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Return]) -> QuerySet[Return]:  # noqa: ARG002
        states = {
            "answer": Status.REQUESTED,
            "check": Status.RECEIVED,
            "money": Status.INSPECTED,
        }
        state = states.get(self.value() or "")
        return queryset.filter(status=state) if state else queryset


@admin.register(Return)
class ReturnAdmin(CaseAdmin):
    STEPS = STEPS
    list_display = (
        *("number", "order_link", "kind", "state", "wish", "way", "sum", "requested_at"),
        "send_by",
    )
    list_select_related = ("order",)
    list_filter = (OpenFilter, "status", "kind", "wish", "way", "requested_at")
    search_fields = ("=number", "order__number", "order__email", "=tracking_number")
    search_help_text = lazy("RMA, order, e-mail or tracking number")
    ordering = ("-requested_at", "-id")
    inlines = (LineInline, EventInline)
    fields = (
        *("number", "order_link", "kind", "status", "steps", "wish", "way", "location", "words"),
        *("expected", "fee", "with_delivery", "decline_reason", "requested_by", "requested_at"),
        *("send_by", "received_at", "closed_at", "carrier", "tracking_number", "pictures"),
        "looked_at",
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.photo_view)
        return [
            path("photos/<int:pk>/", view, name="orders_case_photo"),
            *super().get_urls(),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return self.fields

    @badge(lazy("state"), TONES, ordering="status")
    def state(self, rma: Return) -> tuple[str, Any]:
        return rma.status, rma.get_status_display()

    @admin.display(description=lazy("expected"), ordering="expected")
    def sum(self, rma: Return) -> str:
        return money(rma.expected, rma.order.currency)

    @admin.display(description=lazy("in the stock room"))
    def looked_at(self, rma: Return) -> SafeString:
        page = reverse("shipping:coming_back", args=[rma.number])
        return format_html('<a href="{}">{}</a>', page, rma.number)

    def photo_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """A picture of a return or a claim, for those who may see either."""
        rights = ("orders.view_return", "orders.view_claim")
        photo = get_object_or_404(CasePhoto, pk=pk)
        if not any(request.user.has_perm(right) for right in rights):
            raise Http404
        try:
            file = photo.file.open("rb")
        except OSError as error:
            raise Http404 from error
        response = FileResponse(file, content_type="image/webp", filename=f"case-{pk}.webp")
        response["X-Content-Type-Options"] = "nosniff"
        return response


class ExchangeLineInline(ReadOnlyInline):
    model = ExchangeLine
    fields = ("return_line", "variant", "quantity", "unit_price")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExchangeLine]:
        rows: QuerySet[ExchangeLine] = super().get_queryset(request)
        return rows.select_related("return_line", "variant__product")


@admin.register(Exchange)
class ExchangeAdmin(ReadOnlyAdmin):
    """Exchanges move with their returns."""

    list_display = ("rma", "order", "state", "ships", "difference", "created_at")
    list_select_related = ("rma", "order")
    list_filter = ("status", "ships", "created_at")
    search_fields = ("=rma__number", "order__number")
    search_help_text = lazy("RMA or order")
    ordering = ("-created_at", "-id")
    inlines = (ExchangeLineInline,)
    fields = ("rma", "order", "status", "ships", "difference", "edit", "created_at")

    @badge(lazy("state"), {"waiting": "warning", "released": "info", "closed": "success"})
    def state(self, exchange: Exchange) -> tuple[str, Any]:
        return exchange.status, exchange.get_status_display()
