"""Supplier offers: what a variant costs where, and from whom it is bought first."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.models import PriceBreak, SupplierOffer
from inventory.services import offers
from inventory.services.purchase_wording import unit_money
from shop.admin.base import ShopAdmin, ShopInline, badge


class OfferForm(forms.ModelForm):  # type: ignore[type-arg]
    prefer = forms.BooleanField(
        label=lazy("Buy from here first"),
        required=False,
        help_text=lazy(
            "The mark leaves the offer that has it. To take it away, give it elsewhere."
        ),
    )

    class Meta:
        model = SupplierOffer
        fields = (
            *("supplier", "variant", "supplier_sku", "cost", "pack_size", "minimum", "lead_days"),
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prefer"].initial = self.instance.is_preferred


class BreakInline(ShopInline):
    model = PriceBreak
    fields = ("from_units", "cost")
    ordering = ("from_units",)


@admin.register(SupplierOffer)
class SupplierOfferAdmin(ShopAdmin):
    form = OfferForm
    list_display = (
        *("sku", "piece", "supplier", "supplier_sku", "price", "pack_size", "minimum", "days"),
        *("mark", "their_stock"),
    )
    list_select_related = ("variant__product", "supplier")
    list_filter = ("supplier", "is_preferred", "is_active")
    search_fields = (
        *("variant__sku", "variant__barcode", "variant__product__title", "supplier_sku"),
        "supplier__name",
    )
    search_help_text = lazy("SKU, their SKU, barcode, title or supplier")
    ordering = ("variant__sku", "id")
    autocomplete_fields = ("variant", "supplier")
    readonly_fields = ("their_stock", "told_at")
    fields = (*OfferForm.Meta.fields, "prefer", "their_stock", "told_at")
    inlines = (BreakInline,)
    actions = ("prefer_chosen",)

    @admin.display(description=lazy("SKU"), ordering="variant__sku")
    def sku(self, offer: SupplierOffer) -> str:
        return offer.variant.sku

    @admin.display(description=lazy("piece"), ordering="variant__product__title")
    def piece(self, offer: SupplierOffer) -> str:
        variant = offer.variant
        return ", ".join(filter(None, (variant.product.title, variant.label)))

    @admin.display(description=lazy("unit cost"), ordering="cost")
    def price(self, offer: SupplierOffer) -> str:
        return unit_money(offer.cost, offer.supplier.currency)

    @admin.display(description=lazy("days to deliver"))
    def days(self, offer: SupplierOffer) -> int:
        return offer.supplier.lead_days if offer.lead_days is None else offer.lead_days

    @badge(lazy("bought"), {"first": "success", "gone": "danger"}, ordering="is_preferred")
    def mark(self, offer: SupplierOffer) -> tuple[str, str]:
        if not offer.is_active:
            return "gone", _("not offered")
        return ("first", _("first")) if offer.is_preferred else ("", _("else"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whose offer of what it is, stays."""
        fixed = ("supplier", "variant") if obj else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request: HttpRequest, obj: SupplierOffer, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("prefer") and not obj.is_preferred:
            offers.prefer(offer=obj)
        offers.settle(variant_ids=[obj.variant_id])

    def delete_model(self, request: HttpRequest, obj: SupplierOffer) -> None:
        super().delete_model(request, obj)
        offers.settle(variant_ids=[obj.variant_id])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SupplierOffer]) -> None:
        variants = list(queryset.order_by("variant").values_list("variant_id", flat=True))
        super().delete_queryset(request, queryset)
        offers.settle(variant_ids=variants)

    @admin.action(description=lazy("Buy from here first"), permissions=["change"])
    def prefer_chosen(self, request: HttpRequest, chosen: QuerySet[SupplierOffer]) -> None:
        """Of two offers of one variant, the last one gets the mark."""
        rows = list(chosen.select_related("variant", "supplier").order_by("pk"))
        for offer in rows:
            if not offer.is_active:
                words = _("%(sku)s: not offered by %(supplier)s any more.")
                told = {"sku": offer.variant.sku, "supplier": offer.supplier}
                messages.error(request, words % told)
                continue
            offers.prefer(offer=offer)
            words = _("%(sku)s is bought from %(supplier)s first.")
            messages.success(
                request, words % {"sku": offer.variant.sku, "supplier": offer.supplier}
            )
