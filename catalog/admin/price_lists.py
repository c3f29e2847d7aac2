"""Price lists: for whom, when, and what is on them."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RelatedDropdownFilter

from catalog.admin import price_list_page
from catalog.models import Market, PriceList, PriceListEntry
from catalog.services import price_lists
from shop.admin.base import OnPages, ShopAdmin, ShopInline, badge, button
from shop.lib.money import exponent

if TYPE_CHECKING:
    EntryModelForm = forms.ModelForm[PriceListEntry]
else:
    EntryModelForm = forms.ModelForm

PER_PAGE = 25
TONES = {"on": "ok", "waits": "info"}


class EntryForm(EntryModelForm):
    """A rung, in coins that there are."""

    class Meta:
        model = PriceListEntry
        fields = ("variant", "min_quantity", "amount")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        market: Market | None = getattr(self.instance.price_list, "market", None)
        amount: Decimal | None = data.get("amount")
        if market and amount is not None:
            places = -int(amount.normalize().as_tuple().exponent)
            if places > exponent(market.currency):
                told = {"currency": market.currency}
                self.add_error("amount", _("Finer than %(currency)s can be paid.") % told)
        return data


class EntryInline(ShopInline):
    model = PriceListEntry
    form = EntryForm
    fields = ("variant", "min_quantity", "amount")
    autocomplete_fields = ("variant",)
    ordering = ("variant__sku", "min_quantity", "id")
    per_page = PER_PAGE
    verbose_name_plural = lazy("prices on it")
    hide_title = True


@admin.register(PriceList)
class PriceListAdmin(OnPages, ShopAdmin):
    """It begins and ends by itself: baskets and pages look at the clock."""

    list_display = ("name", "market", "for_whom", "off", "rung_count", "starts", "ends", "state")
    list_filter = (
        ("market", RelatedDropdownFilter),
        ("group", RelatedDropdownFilter),
        "is_active",
    )
    list_select_related = ("market", "group")
    search_fields = ("name", "group__name")
    search_help_text = lazy("Name or group")
    ordering = ("name", "id")
    autocomplete_fields = ("group",)
    actions = ("duplicate",)
    actions_detail = ("prices",)
    inlines = (EntryInline,)
    fieldsets = (
        (None, {"fields": ("name", "market", "group", "is_active")}),
        (lazy("Everything cheaper"), {"fields": (("percent", "rounding"),)}),
        (lazy("When"), {"fields": ("starts_at", "ends_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceList]:
        rows: QuerySet[PriceList] = super().get_queryset(request)
        return rows.annotate(rungs=Count("entries"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """Its prices are in the market's currency; they can't become another's."""
        return ("market",) if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:  # noqa: ARG002
        """Prices are put in once the list, and with it the currency, is settled."""
        return self.inlines if obj else ()

    @admin.display(description=lazy("for"), ordering="group__name")
    def for_whom(self, row: PriceList) -> str:
        return str(row.group) if row.group else _("Everybody")

    @admin.display(description=lazy("off"), ordering="percent")
    def off(self, row: PriceList) -> str | None:
        return f"{row.percent.normalize():f} %" if row.percent is not None else None

    @admin.display(description=lazy("rungs"), ordering="rungs")
    def rung_count(self, row: Any) -> int:
        return int(row.rungs)

    @admin.display(description=lazy("starts"), ordering="starts_at")
    def starts(self, row: PriceList) -> dt.datetime | None:
        return row.starts_at

    @admin.display(description=lazy("ends"), ordering="ends_at")
    def ends(self, row: PriceList) -> dt.datetime | None:
        return row.ends_at

    @badge(lazy("state"), TONES)
    def state(self, row: PriceList) -> tuple[str, str]:
        now = timezone.now()
        if not row.is_active:
            return "off", _("Off")
        if row.ends_at and row.ends_at <= now:
            return "over", _("Over")
        if row.starts_at and row.starts_at > now:
            return "waits", _("Not yet")
        return "on", _("On")

    # Acts and pages

    @admin.action(description=lazy("Duplicate"), permissions=["add"])
    def duplicate(self, request: HttpRequest, chosen: QuerySet[PriceList]) -> None:
        for row in chosen.order_by("pk"):
            price_lists.duplicate(price_list=row)
        count = chosen.count()
        words = ngettext(
            "%(count)s copy made. It is switched off.",
            "%(count)s copies made. They are switched off.",
            count,
        )
        self.message_user(request, words % {"count": count})

    @button(lazy("Prices: paste, upload, preview"), "upload_file")
    def prices(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        page = reverse("admin:catalog_pricelist_prices", args=[object_id])
        return HttpResponseRedirect(page)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.prices_view)
        return [
            path("<int:pk>/prices/", view, name="catalog_pricelist_prices"),
            *super().get_urls(),
        ]

    def prices_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return price_list_page.show(request, self, pk)
