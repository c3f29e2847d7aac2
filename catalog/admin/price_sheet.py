"""The price sheet: what is left of every price, and what it would have to be."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from catalog.models import Price
from catalog.queries.price_sheet import HUNDRED, sheet, terms_of
from shop.admin.base import NEVER, ReadOnlyAdmin
from shop.lib.money import round_money

if TYPE_CHECKING:
    from django.contrib.admin import SimpleListFilter as TextFilter
else:
    from unfold.contrib.filters.admin import TextFilter

# Costs are for those who buy and price, not for everybody who may see the catalogue.
COST = "inventory.view_cost"
TARGET = Decimal(40)


def percentage(text: str | None) -> Decimal | None:
    """Typed by a person, with or without its sign; None when it is no figure below a hundred."""
    try:
        number = Decimal((text or "").replace(",", ".").rstrip("% "))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < HUNDRED else None


class BelowFilter(TextFilter):
    title = _("margin below %")
    parameter_name = "below"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return ()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        most = percentage(self.value())
        return queryset if most is None else queryset.filter(margin__lt=most)


class TargetFilter(TextFilter):
    """Leaves nothing out: what the suggested price aims at."""

    title = _("margin to aim at %")
    parameter_name = "target"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return ()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Price]) -> QuerySet[Price]:  # noqa: ARG002
        return queryset


@admin.register(Price)
class PriceSheet(ReadOnlyAdmin):
    """A row is a variant in a market. How it is computed: catalog.queries.price_sheet."""

    list_display = (
        "sku",
        "piece",
        "place",
        "price",
        "after_tax",
        "duty",
        "unit_cost",
        "payment_fee",
        "left",
        "share",
        "even",
        "suggested",
    )
    list_display_links = None
    list_select_related = ("market", "variant__product")
    list_filter = (
        BelowFilter,
        TargetFilter,
        ("market", RelatedDropdownFilter),
        ("variant__product__category", RelatedDropdownFilter),
    )
    search_fields = ("=variant__sku", "variant__sku__istartswith", "variant__product__title")
    search_help_text = _("SKU or title")
    ordering = ("variant__sku", "market", "id")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_view_permission(request, obj)
        return allowed and request.user.has_perm(COST)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """The sheet of one product is linked to from its page."""
        if lookup == "variant__product__id__exact":
            return True
        return super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Price]:
        rows = sheet(super().get_queryset(request), now=timezone.now())
        target = percentage(request.GET.get("target")) or TARGET
        return rows.annotate(target=F("pk") * 0 + target)

    # Columns

    @admin.display(description=_("SKU"), ordering="variant__sku")
    def sku(self, row: Any) -> SafeString:
        page = reverse("admin:catalog_product_change", args=[row.variant.product_id])
        query = urlencode({"variant": row.variant.sku})
        return format_html('<a href="{}?{}#variants">{}</a>', page, query, row.variant.sku)

    @admin.display(description=_("piece"), ordering="variant__product__title")
    def piece(self, row: Any) -> str:
        return ", ".join(filter(None, (row.variant.product.title, row.variant.label)))

    @admin.display(description=_("market"), ordering="market__position")
    def place(self, row: Any) -> str:
        return f"{row.market.code.upper()} ({row.market.currency})"

    @admin.display(description=_("price"), ordering="current")
    def price(self, row: Any) -> str:
        return _figure(row.current, row)

    @admin.display(description=_("net"), ordering="net")
    def after_tax(self, row: Any) -> str:
        return _figure(row.net, row)

    @admin.display(description=_("tax"), ordering="tax")
    def duty(self, row: Any) -> str:
        return _figure(row.tax, row)

    @admin.display(description=_("cost"), ordering="cost")
    def unit_cost(self, row: Any) -> str:
        return _figure(row.cost, row)

    @admin.display(description=_("payment fee"), ordering="fee")
    def payment_fee(self, row: Any) -> str:
        return _figure(row.fee, row)

    @admin.display(description=_("contribution"), ordering="contribution")
    def left(self, row: Any) -> str:
        return _figure(row.contribution, row)

    @admin.display(description=_("margin %"), ordering="margin")
    def share(self, row: Any) -> str:
        return NEVER if row.margin is None else f"{row.margin:.1f}"

    @admin.display(description=_("break-even"))
    def even(self, row: Any) -> str:
        return _figure(None if row.cost is None else terms_of(row).priced(row.cost), row)

    @admin.display(description=_("suggested"))
    def suggested(self, row: Any) -> str:
        if row.cost is None:
            return NEVER
        return _figure(terms_of(row).priced(row.cost, margin=row.target / HUNDRED), row)


def _figure(amount: Decimal | None, row: Any) -> str:
    return NEVER if amount is None else f"{round_money(amount, row.market.currency)}"
