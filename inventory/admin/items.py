"""Stock as it stands, corrected with a reason."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.admin.columns import StockColumns, told
from inventory.admin.corrections import (
    AT_ONCE,
    CorrectionForm,
    ReasonForm,
    chosen_items,
    correct_item,
    correction_of,
    has_typed,
)
from inventory.admin.filters import AheadFilter, BatchesFilter, SupplierFilter
from inventory.admin.floor import ToTheFloor
from inventory.admin.levels import LevelFilter
from inventory.admin.stock_file import StockFile
from inventory.admin.worth import Revaluing
from inventory.models import StockItem, StockMovement
from shop.admin.base import ReadOnlyInline, button
from shop.admin.saved import tidy
from shop.processes import browsing

LIST = "admin:inventory_stockitem_changelist"


class MovementInline(ReadOnlyInline):
    model = StockMovement
    fields = ("at", "kind", "on_hand_change", "allocated_change", "reason", "reference", "actor")
    ordering = ("-at", "-id")
    per_page = 25

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockMovement]:
        return super().get_queryset(request).select_related("actor")


@admin.register(StockItem)
class StockItemAdmin(StockColumns, ToTheFloor, Revaluing, StockFile):
    """The numbers change only through a correction; the marks are set here."""

    list_display = (
        *("sku", "piece", "location", "counted", "available", "level", "promised", "reserved"),
        *("kept_back", "incoming", "damaged", "cover", "policy"),
    )
    list_display_links = ("location",)
    list_select_related = ("variant__product", "location")
    list_filter = (LevelFilter, "location", SupplierFilter, AheadFilter, BatchesFilter)
    list_after_template = "admin/inventory/stockitem/_reason.html"
    search_fields = ("variant__sku", "variant__barcode", "variant__product__title")
    search_help_text = lazy("SKU, barcode or title")
    ordering = ("variant__sku", "id")
    fields = (
        *("variant", "location", "on_hand", "allocated", "reserved", "incoming", "damaged"),
        *("available", "safety", "low_at"),
    )
    readonly_fields = fields[:-2]
    inlines = (MovementInline,)
    actions = ("correct_chosen", "count_chosen")
    actions_detail = ("correct_one", "damage_one", "revalue_one", "whole_page")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockItem]:
        return told(super().get_queryset(request))

    def get_list_display(self, request: HttpRequest) -> Any:
        """Numbers without fields in the file, and for those who only look."""
        match = request.resolver_match
        is_file = match is not None and str(match.url_name).endswith("_csv_changelist")
        if self.has_change_permission(request) and not is_file:
            return self.list_display
        return ["on_hand" if name == "counted" else name for name in self.list_display]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_correct = self.has_change_permission(request)
        context = {
            "reason_form": ReasonForm() if may_correct else None,
            "correction": reverse("admin:inventory_stockitem_correction"),
            "back": tidy(request.GET),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: StockItem, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        browsing.cards_are_stale(product_ids=[obj.variant.product_id], now=timezone.now())

    # Correcting

    @admin.action(description=lazy("Correct stock …"), permissions=["change"])
    def correct_chosen(
        self, request: HttpRequest, chosen: QuerySet[StockItem]
    ) -> HttpResponse | None:
        ids = list(chosen.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
        if len(ids) > AT_ONCE:
            text = _("Choose at most %(count)s rows at a time.") % {"count": AT_ONCE}
            self.message_user(request, text, messages.ERROR)
            return None
        return HttpResponseRedirect(correction_of(ids, back=request.GET.urlencode()))

    @button(lazy("Correct stock"), "edit_note")
    def correct_one(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(correction_of([object_id]))

    @button(lazy("All about it"), "monitoring")
    def whole_page(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        sku = StockItem.objects.values_list("variant__sku", flat=True).get(pk=object_id)
        return HttpResponseRedirect(reverse("analytics:stock_variant", args=[sku]))

    def get_urls(self) -> list[URLPattern]:
        correction = self.admin_site.admin_view(self.correction_view)
        return [
            path("correction/", correction, name="inventory_stockitem_correction"),
            *super().get_urls(),
        ]

    def correction_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        query = request.POST.get("back", request.GET.get("back", ""))
        back = f"{reverse(LIST)}?{query}"
        if request.method == "POST" and not request.GET.get("item") and not has_typed(request):
            messages.info(request, _("No number was changed."))
            return HttpResponseRedirect(back)
        items = chosen_items(request)
        form = CorrectionForm(request.POST if request.method == "POST" else None, items=items)
        if request.method == "POST" and form.is_valid():
            for item in items:
                correct_item(request, form, item)
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Correct stock"),
            "opts": self.opts,
            "form": form,
            "query": query,
            "back": back,
        }
        return TemplateResponse(request, "admin/inventory/stockitem/correction.html", context)
