"""Purchase orders: found in a list, begun as drafts, and moved many at a time."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from inventory.admin import purchase_page, purchase_step_page
from inventory.admin.purchase_queues import QueueFilter
from inventory.models import Location, PurchaseOrder, PurchaseOrderLine, Supplier
from inventory.queries.purchase_sums import goods_of
from inventory.services import purchases
from shop.admin.base import ShopAdmin, badge
from shop.admin.discretion import SEE_COST
from shop.templatetags.shop_text import money

Status = PurchaseOrder.Status
NAME = "inventory_purchaseorder"
TONES = {
    Status.DRAFT: "default",
    Status.ORDERED: "info",
    Status.PARTIALLY_RECEIVED: "warning",
    Status.RECEIVED: "success",
    Status.CLOSED: "default",
    Status.CANCELED: "danger",
}


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ShopAdmin):
    list_display = (
        *("number", "supplier", "location", "state", "suggested", "units", "sum", "expected_on"),
        "created_at",
    )
    list_select_related = ("supplier", "location")
    list_filter = (QueueFilter, "status", "supplier", "location", "created_at")
    search_fields = ("number", "supplier__name", "supplier__code")
    search_help_text = lazy("Number, supplier, or the SKU of a line")
    ordering = ("-created_at", "-id")
    fields = ("supplier", "location")
    actions = ("order_chosen", "reschedule_chosen", "close_chosen", "cancel_chosen")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PurchaseOrder]:
        return super().get_queryset(request).prefetch_related("lines")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[PurchaseOrder], search_term: str
    ) -> tuple[QuerySet[PurchaseOrder], bool]:
        found, is_doubled = super().get_search_results(request, queryset, search_term)
        if term := search_term.strip():
            lines = PurchaseOrderLine.objects.filter(order=OuterRef("pk")).filter(
                Q(variant__sku__iexact=term) | Q(supplier_sku__iexact=term)
            )
            found = found | queryset.filter(Exists(lines))
        return found, is_doubled

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """What was begun is cancelled, and stays."""
        return False

    @badge(lazy("state"), TONES, ordering="status")
    def state(self, order: PurchaseOrder) -> tuple[str, Any]:
        return order.status, order.get_status_display()

    @admin.display(description=lazy("suggested"), boolean=True, ordering="is_suggested")
    def suggested(self, order: PurchaseOrder) -> bool:
        return order.is_suggested

    @admin.display(description=lazy("came"))
    def units(self, order: PurchaseOrder) -> str:
        lines = order.lines.all()
        came = sum(line.received for line in lines)
        return f"{came} / {sum(line.quantity for line in lines)}"

    @admin.display(description=lazy("goods"))
    def sum(self, order: PurchaseOrder) -> str:
        return money(goods_of(order.lines.all(), order.currency), order.currency)

    # A new draft

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "supplier":
            kwargs["queryset"] = Supplier.objects.filter(is_active=True).order_by("name")
        if db_field.name == "location":
            kwargs["queryset"] = Location.objects.filter(is_active=True).order_by("position", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: PurchaseOrder, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001
        actor = request.user if isinstance(request.user, User) else None
        drafted = purchases.draft(
            supplier=obj.supplier,
            location=obj.location,
            lines=[],
            now=timezone.now(),
            actor=actor,
        )
        obj.pk, obj.number = drafted.order.pk, drafted.order.number

    def response_add(
        self, request: HttpRequest, obj: PurchaseOrder, *_args: Any, **_kwargs: Any
    ) -> HttpResponse:
        messages.success(request, _("%(order)s is begun. Put lines on it.") % {"order": obj.number})
        return HttpResponseRedirect(reverse(f"admin:{NAME}_change", args=[obj.pk]))

    # Its page, its paper, its steps

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("steps/<slug:slug>/", wrap(self.step_view), name=f"{NAME}_step"),
            path("<int:pk>/pdf/", wrap(self.pdf_view), name=f"{NAME}_pdf"),
            *super().get_urls(),
        ]

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
        return purchase_page.show(request, self, found.pk)

    def step_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        return purchase_step_page.show(request, self, slug)

    def pdf_view(self, request: HttpRequest, pk: int) -> FileResponse:
        if not (self.has_view_permission(request) and request.user.has_perm(SEE_COST)):
            raise PermissionDenied
        order = get_object_or_404(PurchaseOrder.objects.exclude(pdf=""), pk=pk)
        try:
            file = order.pdf.open("rb")
        except OSError as error:
            raise Http404 from error
        response = FileResponse(file, content_type="application/pdf", filename=f"{order}.pdf")
        response["X-Content-Type-Options"] = "nosniff"
        return response

    # Many at once

    def has_order_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(purchase_step_page.ORDER)

    @admin.action(description=lazy("Order …"), permissions=["order"])
    def order_chosen(self, _request: HttpRequest, chosen: QuerySet[PurchaseOrder]) -> HttpResponse:
        return _ask("order", chosen)

    @admin.action(description=lazy("Expect on another day …"), permissions=["order"])
    def reschedule_chosen(
        self, _request: HttpRequest, chosen: QuerySet[PurchaseOrder]
    ) -> HttpResponse:
        return _ask("reschedule", chosen)

    @admin.action(description=lazy("Close …"), permissions=["order"])
    def close_chosen(self, _request: HttpRequest, chosen: QuerySet[PurchaseOrder]) -> HttpResponse:
        return _ask("close", chosen)

    @admin.action(description=lazy("Cancel …"), permissions=["order"])
    def cancel_chosen(self, _request: HttpRequest, chosen: QuerySet[PurchaseOrder]) -> HttpResponse:
        return _ask("cancel", chosen)


def _ask(slug: str, chosen: QuerySet[PurchaseOrder]) -> HttpResponse:
    ids = list(chosen.order_by("pk").values_list("pk", flat=True)[: purchase_step_page.AT_ONCE])
    return HttpResponseRedirect(purchase_step_page.address(slug, ids))
