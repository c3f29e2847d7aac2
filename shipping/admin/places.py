"""Boxes, pickup points, and what must not be sent somewhere."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from shipping.admin.codes import in_capitals
from shipping.models import Box, PickupPoint, Restriction
from shop.admin.base import OnPages, ShopAdmin

if TYPE_CHECKING:
    PointBase = forms.ModelForm[PickupPoint]
    RestrictionBase = forms.ModelForm[Restriction]
else:
    PointBase = RestrictionBase = forms.ModelForm


@admin.register(Box)
class BoxAdmin(OnPages, ShopAdmin):
    list_display = ("name", "inside", "max_grams", "is_padded", "cost", "is_active")
    list_filter = ("is_active", "is_padded")
    search_fields = ("name",)
    ordering = ("name",)

    @admin.display(description=_("inside, in mm"))
    def inside(self, box: Box) -> str:
        return f"{box.length_mm} × {box.width_mm} × {box.height_mm}"


class PointForm(PointBase):
    def clean_country(self) -> str:
        return in_capitals([self.cleaned_data["country"]], length=2)[0]


@admin.register(PickupPoint)
class PickupPointAdmin(ShopAdmin):
    form = PointForm
    list_display = ("name", "carrier", "postcode", "city", "country", "is_active")
    list_select_related = ("carrier",)
    list_filter = ("carrier", "country", "is_active")
    search_fields = ("name", "=code", "postcode__istartswith", "city")
    ordering = ("country", "postcode", "id")


class RestrictionForm(RestrictionBase):
    def clean_countries(self) -> list[str]:
        return in_capitals(self.cleaned_data["countries"], length=2)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("categories") and not data.get("products"):
            self.add_error("categories", _("Name at least one category or product."))
        return data


@admin.register(Restriction)
class RestrictionAdmin(OnPages, ShopAdmin):
    form = RestrictionForm
    list_display = ("name", "where", "reason", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "reason")
    ordering = ("name",)
    autocomplete_fields = ("categories", "products")

    @admin.display(description=_("not sent to"))
    def where(self, restriction: Restriction) -> str:
        named = ", ".join(restriction.countries)
        return str(_("all but %(named)s") % {"named": named}) if restriction.is_inverted else named
