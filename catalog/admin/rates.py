"""Exchange rates: asked of the European Central Bank every day, or typed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import ExchangeRate, Market
from catalog.queries.rates import rates_at
from shop.admin.base import ShopAdmin
from shop.processes import pricing
from shop.templatetags.shop_text import moment


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ShopAdmin):
    """The newest rate of a pair counts, whoever wrote it."""

    list_display = ("base", "quote", "rate", "at", "source")
    list_filter = ("base", "quote", "source")
    search_fields = ("=base", "=quote")
    search_help_text = lazy("Currency code")
    ordering = ("-at", "base", "quote")
    fields = (("base", "quote"), "rate", "at")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"at": timezone.now(), **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: ExchangeRate, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.source = request.user.get_username()[:40]
        super().save_model(request, obj, form, change)
        pricing.prices_are_stale(now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: ExchangeRate) -> None:
        super().delete_model(request, obj)
        pricing.prices_are_stale(now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ExchangeRate]) -> None:
        super().delete_queryset(request, queryset)
        pricing.prices_are_stale(now=timezone.now())


def rate_of(market: Market) -> SafeString | str:
    """At which rate a market's prices are made, or what keeps them from being made."""
    if market.base is None:
        return _("Its prices are its own.")
    now = timezone.now()
    known = rates_at(now).of(market.base.currency, market.currency, now=now)
    pair = f"{market.base.currency}/{market.currency}"
    if known is None:
        words = _("No rate for %(pair)s is on file: what has no fixed price is not sold here.")
        return format_html('<span class="state state--bad">{}</span>', words % {"pair": pair})
    told = {"pair": pair, "rate": f"{known.rate:.6f}", "when": moment(known.at)}
    words = _("%(pair)s %(rate)s, of %(when)s") % told
    if not known.is_stale(now=now):
        return words
    old = _("older than 7 days")
    return format_html('{} <span class="state state--warning">{}</span>', words, old)
