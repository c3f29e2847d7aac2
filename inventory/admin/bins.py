"""Bins: one by one, or a whole row of them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.models import Bin, Location
from inventory.services import bins
from shop.admin.base import ShopAdmin
from shop.admin.kit import Select, TextInput
from shop.lib.errors import Refused

LIST = "admin:inventory_bin_changelist"


class RangeForm(forms.Form):
    """A-01 to A-20."""

    location = forms.ModelChoiceField(
        label=lazy("Location"),
        queryset=Location.objects.order_by("position", "pk"),
        empty_label=None,
        widget=Select(),
    )
    first = forms.CharField(
        label=lazy("First bin"), max_length=20, widget=TextInput(), help_text=lazy("Like A-01.")
    )
    last = forms.CharField(
        label=lazy("Last bin"), max_length=20, widget=TextInput(), help_text=lazy("Like A-20.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "first" in cleaned and "last" in cleaned:
            try:
                bins.codes_between(cleaned["first"], cleaned["last"])
            except Refused as refusal:
                self.add_error("last", refusal.message)
        return cleaned


@admin.register(Bin)
class BinAdmin(ShopAdmin):
    """Where things lie; what lies in a bin is said by scanning, in the stock room."""

    list_display = ("code", "location", "position", "pieces", "is_active")
    list_editable = ("position", "is_active")
    list_select_related = ("location",)
    list_filter = ("location", "is_active")
    search_fields = ("code", "items__stock_item__variant__sku")
    search_help_text = lazy("Bin or SKU")
    ordering = ("location__position", "location", "position", "code")
    fields = ("location", "code", "position", "is_active")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bin]:
        rows: QuerySet[Bin] = super().get_queryset(request)
        return rows.annotate(lying=Count("items"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return ("location",) if obj else ()

    @admin.display(description=lazy("pieces"), ordering="lying")
    def pieces(self, place: Any) -> SafeString:
        page = reverse("inventory:bin", args=[place.pk])
        return format_html('<a href="{}">{}</a>', page, place.lying)

    def list_tools(self, request: HttpRequest) -> Any:
        tools = [*super().list_tools(request)]
        if self.has_add_permission(request):
            tools.insert(0, {"words": _("A row of bins"), "link": reverse("admin:inventory_bins")})
        return tools

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.range_view)
        return [path("range/", view, name="inventory_bins"), *super().get_urls()]

    def range_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = RangeForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            made = bins.create_range(**form.cleaned_data)
            told = {"count": made.count, "known": made.known}
            words = _("%(count)s bins put up, %(known)s were there already.") % told
            messages.success(request, words)
            return HttpResponseRedirect(reverse(LIST))
        context = {
            **self.admin_site.each_context(request),
            "title": _("A row of bins"),
            "opts": self.opts,
            "form": form,
            "back": reverse(LIST),
        }
        return TemplateResponse(request, "admin/inventory/bin/range.html", context)
