"""Sales and changes of price that begin and end by themselves."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.admin.sale_acts import ACTS, TONES, WORDS, State, in_state, state_of
from catalog.admin.sale_form import SaleForm
from catalog.models import Sale, SaleEntry
from catalog.queries.sale_preview import counts, lines, meetings
from catalog.queries.sale_rows import covered
from catalog.services import sale_entries
from shop.admin.base import ShopAdmin, ShopInline, badge, button
from shop.admin.saved import tidy
from shop.processes import pricing

PER_PAGE, LONGEST = 50, 100
# Costs are for those who buy and price.
COST = "inventory.view_cost"


class StateFilter(admin.SimpleListFilter):
    title = lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [(state.value, words) for state, words in WORDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sale]) -> QuerySet[Sale]:  # noqa: ARG002
        return queryset.filter(in_state(self.value() or "", timezone.now()))


class EntryInline(ShopInline):
    model = SaleEntry
    fields = ("variant", "market", "amount")
    autocomplete_fields = ("variant",)
    ordering = ("variant__sku", "market__position", "id")
    per_page = 25
    verbose_name_plural = lazy("prices of single pieces")
    hide_title = True


class SaleList(ShopAdmin):
    """The list, and what is done with several."""

    list_display = ("name", "kind", "state", "where", "off", "reach", "starts_at", "ends_at")
    list_filter = (StateFilter, "kind", "market")
    list_select_related = ("market",)
    search_fields = ("name",)
    search_help_text = lazy("Name")
    ordering = ("-starts_at", "-id")
    actions = tuple(ACTS)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With the count of prices of all rows of the page, in two queries."""
        page = super().get_changelist_instance(request)
        sales = list(page.result_list)
        found = counts(sales)
        for sale in sales:
            sale.price_count = found.get(sale.pk, 0)
        page.result_list = sales
        return page

    @badge(lazy("state"), TONES)
    def state(self, sale: Sale) -> tuple[State, str]:
        state = state_of(sale, timezone.now())
        return state, str(WORDS[state])

    @admin.display(description=lazy("market"), ordering="market")
    def where(self, sale: Sale) -> str:
        return str(sale.market) if sale.market else _("All")

    @admin.display(description=lazy("off"), ordering="percent")
    def off(self, sale: Sale) -> str | None:
        return f"{sale.percent.normalize():f} %" if sale.percent is not None else None

    @admin.display(description=lazy("prices"))
    def reach(self, sale: Sale) -> SafeString:
        page = reverse("admin:catalog_sale_prices", args=[sale.pk])
        return format_html('<a href="{}">{}</a>', page, getattr(sale, "price_count", 0))

    def _act(self, request: HttpRequest, chosen: QuerySet[Sale], name: str) -> HttpResponse:
        words, act = ACTS[name]
        rows, now = [], timezone.now()
        for sale in chosen.order_by("name", "pk"):
            rows.append(row := act(sale, now))
            if row.is_done:
                self.log_change(request, sale, str(words))
        context = {
            **self.admin_site.each_context(request),
            "title": words,
            "opts": self.opts,
            "rows": rows,
            "done": sum(row.is_done for row in rows),
            "back": f"{reverse('admin:catalog_sale_changelist')}?{tidy(request.GET)}",
        }
        return TemplateResponse(request, "admin/catalog/sale/report.html", context)

    @admin.action(description=lazy("End now"), permissions=["change"])
    def end_now(self, request: HttpRequest, chosen: QuerySet[Sale]) -> HttpResponse:
        return self._act(request, chosen, "end_now")

    @admin.action(description=lazy("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, chosen: QuerySet[Sale]) -> HttpResponse:
        return self._act(request, chosen, "switch_off")

    @admin.action(description=lazy("Duplicate"), permissions=["add"])
    def duplicate(self, request: HttpRequest, chosen: QuerySet[Sale]) -> HttpResponse:
        return self._act(request, chosen, "duplicate")


@admin.register(Sale)
class SaleAdmin(SaleList):
    form = SaleForm
    inlines = (EntryInline,)
    actions_detail = ("preview",)
    fieldsets = (
        (None, {"fields": ("name", ("kind", "market"), "is_active")}),
        (lazy("When"), {"fields": ("starts_at", "ends_at")}),
        (lazy("How much off"), {"fields": (("percent", "rounding"),)}),
        (lazy("Of what"), {"fields": ("covers_all", "products", "categories", "collections")}),
        (lazy("Single pieces"), {"fields": ("lines",)}),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What became the price is history."""
        is_history = obj is not None and obj.applied_at is not None
        return not is_history and super().has_change_permission(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        sale: Sale = form.instance
        sale_entries.put(sale=sale, lines=form.written)
        pricing.sale_saved(sale=sale, now=timezone.now())
        if not covered(sale).exists():
            messages.warning(request, _("It covers no price yet."))
        for meeting in meetings(sale):
            messages.info(request, meeting.words(sale))

    def delete_model(self, request: HttpRequest, obj: Sale) -> None:
        super().delete_model(request, obj)
        pricing.prices_are_stale(now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Sale]) -> None:
        super().delete_queryset(request, queryset)
        pricing.prices_are_stale(now=timezone.now())

    # What it does to prices

    @button(lazy("Prices: preview"), "table_chart")
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(reverse("admin:catalog_sale_prices", args=[object_id]))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.prices_view)
        return [path("<int:pk>/prices/", view, name="catalog_sale_prices"), *super().get_urls()]

    def prices_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """SKU by SKU: regular, becomes, what is struck out, what is left of it."""
        sale, now = get_object_or_404(Sale.objects.select_related("market"), pk=pk), timezone.now()
        if not self.has_view_permission(request, sale):
            raise PermissionDenied
        asked = request.GET.get("q", "")[:LONGEST].strip()
        wanted = Q(variant__sku__icontains=asked) | Q(variant__product__title__icontains=asked)
        prices = covered(sale).filter(wanted) if asked else covered(sale)
        ordered = prices.order_by("variant__sku", "market__position", "pk").values_list("pk")
        page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
        ids = [row[0] for row in page.object_list]
        context = {
            **self.admin_site.each_context(request),
            "title": _("%(name)s: prices") % {"name": sale.name},
            "opts": self.opts,
            "sale": sale,
            "state": WORDS[state_of(sale, now)],
            "meetings": [one.words(sale) for one in meetings(sale)],
            "rows": lines(sale, covered(sale).filter(pk__in=ids), now=now),
            "page": page,
            "query": urlencode({"q": asked}) if asked else "",
            "q": asked,
            "with_cost": request.user.has_perm(COST),
            "back": reverse("admin:catalog_sale_change", args=[pk]),
        }
        return TemplateResponse(request, "admin/catalog/sale/prices.html", context)
