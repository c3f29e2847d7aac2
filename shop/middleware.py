"""From the first part of an address to the market it is in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from catalog.models import Market
from catalog.queries.markets import markets
from orders.services import return_policy
from shipping.queries import promise
from shop.lib.money import ZERO
from shop.lib.parts import kept
from shop.templatetags.shop_text import short_money

Respond = Callable[[HttpRequest], HttpResponseBase]
# The same in every market, under one address only; most of it answers without a market, too.
EVERYWHERE = frozenset({
    "admin", "api", "csp-report", "dashboard", "favicon.ico", "feeds", "healthz",
    "manifest.webmanifest", "media", "readyz", "robots.txt", "sitemap.xml", "sitemaps", "static", "webhooks", ".well-known",
})  # fmt: skip
SMALL_PARCEL = 500  # grams
NO_MARKET = "This shop has no market yet. Add one in the admin, or fill the demo with seed_shop.\n"


def market_from_path(get_response: Respond) -> Respond:
    """Set `request.market` and its language; hide the market's prefix from URLs, and put it back.

    "/eu/cart/" is "/cart/" to the URL patterns, and `reverse()` gives "/eu/cart/" again.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        first, _slash, rest = request.path_info.removeprefix("/").partition("/")
        if first in EVERYWHERE:
            return get_response(request)
        market = _market(first, rest)
        if market is None:
            return HttpResponse(NO_MARKET, status=503, content_type="text/plain; charset=utf-8")
        return _within(market, request, get_response)

    return middleware


def _market(first: str, rest: str) -> Market | None:
    """The market whose path this is, else the main one; None when the shop has none at all."""
    known = markets()
    if rest.partition("/")[0] not in EVERYWHERE:
        for market in known:
            if market.path and market.path == first:
                return market
    return known[0] if known else None


def _within(market: Market, request: HttpRequest, get_response: Respond) -> HttpResponseBase:
    if market.path and request.path_info == f"/{market.path}":
        return HttpResponsePermanentRedirect(market.prefix)
    before = get_script_prefix()
    request.market = market  # type: ignore[attr-defined]
    request.strip = SimpleLazyObject(lambda: _strip(market))  # type: ignore[attr-defined]
    if market.path and request.path_info.startswith(market.prefix):
        request.path_info = request.path_info[len(market.prefix) - 1 :]
        set_script_prefix(before.rstrip("/") + market.prefix)
    try:
        with translation.override(market.language):
            return get_response(request)
    finally:
        set_script_prefix(before)


def _strip(market: Market) -> str:
    """The shop's promises in one line, for the top of every page."""
    return kept(f"strip:{market.pk}", lambda: _promises(market))


def _promises(market: Market) -> str:
    returns = return_policy.words(product=None, country=market.home_country).short
    delivery = promise(
        country=market.home_country,
        currency=market.currency,
        grams=SMALL_PARCEL,
        goods=ZERO,
        now=timezone.now(),
    )
    if delivery is None or delivery.free_from is None:
        return returns
    least = short_money(delivery.free_from, market.currency)
    return _("Free delivery over %(amount)s") % {"amount": least} + f" · {returns}"
