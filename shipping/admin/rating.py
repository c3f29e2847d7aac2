"""Where parcels go, by which method, and what that costs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from shipping.admin import trial
from shipping.admin.codes import in_capitals
from shipping.models import Method, Rate, Zone
from shop.admin.base import OnPages, ShopAdmin, ShopInline

if TYPE_CHECKING:
    ZoneBase = forms.ModelForm[Zone]
    MethodBase = forms.ModelForm[Method]
else:
    ZoneBase = MethodBase = forms.ModelForm


class ZoneForm(ZoneBase):
    def clean_countries(self) -> list[str]:
        return in_capitals(self.cleaned_data["countries"], length=2)


class MethodInline(ShopInline):
    model = Method
    fields = (
        "code",
        "name",
        "kind",
        "carrier",
        "tax_class",
        "min_days",
        "max_days",
        "is_active",
        "position",
    )
    show_change_link = True
    ordering = ("position", "id")


@admin.register(Zone)
class ZoneAdmin(OnPages, ShopAdmin):
    form = ZoneForm
    list_display = ("name", "where", "needs_customs")
    search_fields = ("name",)
    ordering = ("name",)
    inlines = (MethodInline,)

    @admin.display(description=_("countries"))
    def where(self, zone: Zone) -> str:
        return ", ".join(zone.countries)


class RateInline(ShopInline):
    model = Rate
    fields = (
        "currency",
        "price",
        "min_grams",
        "max_grams",
        "min_goods",
        "max_goods",
        "free_from",
    )
    ordering = ("currency", "min_grams", "min_goods", "id")


class MethodForm(MethodBase):
    def clean_postcodes(self) -> list[str]:
        return in_capitals(self.cleaned_data["postcodes"])

    def clean_not_postcodes(self) -> list[str]:
        return in_capitals(self.cleaned_data["not_postcodes"])


@admin.register(Method)
class MethodAdmin(OnPages, ShopAdmin):
    form = MethodForm
    list_display = (
        "name",
        "zone",
        "kind",
        "carrier",
        "min_days",
        "max_days",
        "is_active",
        "position",
    )
    list_select_related = ("zone",)
    list_filter = ("zone", "kind", "is_active")
    search_fields = ("name", "code", "carrier")
    ordering = ("zone", "position", "id")
    autocomplete_fields = ("categories", "not_categories", "not_products")
    inlines = (RateInline,)
    fieldsets = (
        (None, {"fields": ("zone", "code", "name", "kind", "is_active", "position", "tax_class")}),
        (_("Carrier"), {"fields": ("carrier", "provider", "service", "is_live", "tracking_url")}),
        (_("Days"), {"fields": ("handling_days", "min_days", "max_days")}),
        (_("Where"), {"fields": ("postcodes", "not_postcodes")}),
        (_("What"), {"fields": ("categories", "not_categories", "not_products")}),
        (_("Size"), {"fields": ("max_parcel_grams", "max_length_mm", "max_girth_mm")}),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.try_view)
        return [path("try/", view, name="shipping_method_try"), *super().get_urls()]

    def try_view(self, request: HttpRequest) -> HttpResponse:
        return trial.show(self, request)

    def list_tools(self, request: HttpRequest) -> Sequence[dict[str, str]]:
        tools = [{"words": str(_("Try it")), "link": reverse("admin:shipping_method_try")}]
        return [*tools, *super().list_tools(request)]
