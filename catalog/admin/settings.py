"""Markets and taxes: what few people change, seldom."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.models import Market, TaxClass, TaxRate
from shop.admin.base import OnPages, ShopAdmin


@admin.register(Market)
class MarketAdmin(OnPages, ShopAdmin):
    list_display = ("name", "code", "path", "currency", "language", "where", "position")
    ordering = ("position", "id")

    @admin.display(description=_("countries"))
    def where(self, market: Market) -> str:
        return ", ".join(market.countries)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """Prices and orders are written in the currency; it can't become another."""
        return ("currency",) if obj else ()


@admin.register(TaxClass)
class TaxClassAdmin(ShopAdmin):
    list_display = ("name", "code")
    ordering = ("code",)


@admin.register(TaxRate)
class TaxRateAdmin(OnPages, ShopAdmin):
    list_display = ("country", "tax_class", "name", "rate", "valid")
    list_select_related = ("tax_class",)
    list_filter = ("tax_class", "country")
    search_fields = ("=country",)
    search_help_text = _("Country code")
    ordering = ("country", "tax_class", "valid")
