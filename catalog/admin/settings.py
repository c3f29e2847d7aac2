"""Markets, product types and their questions: what few people change, seldom."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.admin.rates import rate_of
from catalog.models import (
    Attribute,
    AttributeChoice,
    Market,
    Product,
    ProductType,
    TypeAttribute,
)
from catalog.services import skus
from shop.admin.base import OnPages, ShopAdmin, ShopInline
from shop.lib.errors import Refused
from shop.processes import browsing, pricing

if TYPE_CHECKING:
    MarketModelForm = forms.ModelForm[Market]
    TypeModelForm = forms.ModelForm[ProductType]
else:
    MarketModelForm = TypeModelForm = forms.ModelForm


# What every price or card of a market is made with.
PRICING = {"base", "rounding", "shows_tax", "prices_include_tax", "countries"}


class MarketForm(MarketModelForm):
    class Meta:
        model = Market
        fields = "__all__"

    def clean_base(self) -> Market | None:
        """One step: what a market takes over, others can't take from it in turn."""
        base: Market | None = self.cleaned_data["base"]
        if base is not None and (base == self.instance or base.base_id is not None):
            raise ValidationError(_("Choose a market with prices of its own."))
        if base is not None and self.instance.pk and self.instance.followers.exists():
            raise ValidationError(_("Others take their prices from this one."))
        return base


@admin.register(Market)
class MarketAdmin(OnPages, ShopAdmin):
    form = MarketForm
    list_display = ("name", "code", "path", "currency", "language", "where", "position")
    ordering = ("position", "id")

    @admin.display(description=_("countries"))
    def where(self, market: Market) -> str:
        return ", ".join(market.countries)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """Prices and orders are written in the currency; it can't become another."""
        return ("currency", "exchange_rate") if obj else ()

    @admin.display(description=_("exchange rate"))
    def exchange_rate(self, market: Market) -> str:
        return rate_of(market)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        if PRICING & set(form.changed_data):
            pricing.market_changed(market=form.instance, now=timezone.now())


class ChoiceInline(ShopInline):
    model = AttributeChoice
    fields = ("name", "position")
    verbose_name_plural = _("choices, for an attribute of that kind")
    ordering_field = "position"
    ordering = ("position", "id")
    hide_title = True


@admin.register(Attribute)
class AttributeAdmin(OnPages, ShopAdmin):
    """Questions that product types ask. Their kind is settled with the first answer."""

    list_display = ("name", "code", "kind", "unit", "is_facet", "is_in_specs", "position")
    list_filter = ("kind", "is_facet")
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("position", "name", "id")
    prepopulated_fields = {"code": ("name",)}
    inlines = (ChoiceInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return ("kind",) if obj and obj.answers.exists() else ()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        answering = Product.objects.filter(answers__attribute=form.instance)
        _owe_cards(answering)


class AskedInline(ShopInline):
    model = TypeAttribute
    fields = ("attribute", "is_required", "position")
    autocomplete_fields = ("attribute",)
    verbose_name_plural = _("attributes it asks for")
    ordering_field = "position"
    ordering = ("position", "id")
    hide_title = True


class ProductTypeForm(TypeModelForm):
    class Meta:
        model = ProductType
        fields = ("name", "code", "tax_class", "is_shipped", "sku_pattern")

    def clean_sku_pattern(self) -> str:
        pattern: str = self.cleaned_data["sku_pattern"].strip()
        try:
            skus.check_pattern(pattern)
        except Refused as refusal:
            raise ValidationError(refusal.message) from refusal
        return pattern


@admin.register(ProductType)
class ProductTypeAdmin(OnPages, ShopAdmin):
    form = ProductTypeForm
    list_display = ("name", "code", "tax_class", "is_shipped", "sku_pattern")
    list_select_related = ("tax_class",)
    ordering = ("name", "id")
    prepopulated_fields = {"code": ("name",)}
    inlines = (AskedInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            _owe_cards(Product.objects.filter(type=form.instance))


def _owe_cards(products: Any) -> None:
    """What products answer stands on their cards as facets."""
    ids = list(products.values_list("pk", flat=True).distinct())
    browsing.cards_are_stale(product_ids=ids, now=timezone.now())
