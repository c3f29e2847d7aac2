"""Search: products first, then help pages; and something to go on with when nothing is found."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Card, Market
from catalog.queries import cards
from catalog.queries import search as searching
from catalog.queries.cards import CardView
from catalog.queries.listing import BEST, ORDERS, Listing, NoSuchPage, Shelf, listing
from catalog.queries.page import Seo, public_context
from catalog.queries.pictures import smallest
from catalog.queries.search import Scope
from catalog.queries.shelves import roots
from catalog.views.market import market_of
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page
from shop.templatetags.shop_text import short_money
from support.queries import articles_about

FEWEST_LETTERS, SUGGESTED = 2, 5
# Searches are without number: they make room sooner than shelves do.
KEEP_SECONDS = 300


@only_reads
@public_page
def search(request: HttpRequest) -> HttpResponse:
    market = market_of(request)
    text = searching.cleaned(request.GET.get("q", ""))
    slug = searching.product_with_sku(text, market) if text else None
    if slug:
        return redirect(
            f"{reverse('catalog:product', args=[slug])}?{urlencode({'v': text.upper()})}"
        )
    return _results(request, text, market)


def _results(request: HttpRequest, text: str, market: Market) -> HttpResponse:
    now = timezone.now()
    found = searching.matching(text, market) if text else Card.objects.in_market(market)
    category = request.GET.get("category", "")[:255]
    try:
        page = listing(_shelf(found, market, text, category), request.GET, now=now)
    except NoSuchPage as error:
        raise Http404 from error
    title = _("Search: %(words)s") % {"words": text} if text else _("Everything we make")
    response = render(
        request,
        "catalog/search.html",
        {
            **public_context(request, seo=Seo(title=title, noindex=True)),
            "query": text,
            "listing": page,
            "scopes": _scopes(found, text, category) if page.total else [],
            "articles": _articles(text),
            **_instead(text, market, page),
        },
    )
    response.keep_seconds = KEEP_SECONDS  # type: ignore[attr-defined]
    return response


def _scopes(found: Any, text: str, category: str) -> list[Scope]:
    return searching.scopes(found, roots(), text=text, current=category)


def _articles(text: str) -> list[dict[str, str]]:
    found = articles_about(text) if text else []
    return [{"title": one.title, "url": one.get_absolute_url()} for one in found]


def _instead(text: str, market: Market, page: Listing) -> dict[str, Any]:
    """A way on for those who found nothing."""
    if page.total or page.active:
        return {"suggestion": "", "popular": []}
    return {
        "suggestion": searching.suggestion(text, market) if text else "",
        "popular": cards.best_sellers(market, limit=4),
    }


def _shelf(found: Any, market: Market, text: str, category: str) -> Shelf:
    extra = (("q", text),) if text else ()
    return Shelf(
        cards=found.under(category) if category else found,
        market=market,
        url=reverse("catalog:search"),
        extra=(*extra, ("category", category)) if category else extra,
        best=searching.BEST_MATCH if text else ORDERS[BEST],
        best_label=_("Best match") if text else "",
    )


@only_reads
@public_page
def suggest(request: HttpRequest) -> HttpResponse:
    """A few products and shelves for what is being typed, as JSON."""
    market = market_of(request)
    text = searching.cleaned(request.GET.get("q", ""))
    found: dict[str, Any] = {"query": text, "products": [], "categories": []}
    if len(text) >= FEWEST_LETTERS:
        matching = searching.matching(text, market).order_by(*searching.BEST_MATCH)
        products = cards.shown(matching[:SUGGESTED], market=market)
        found["products"] = [_suggested(card) for card in products]
        shelves = searching.shelves_named(text)
        found["categories"] = [{"name": s.name, "url": s.get_absolute_url()} for s in shelves]
    response = JsonResponse(found)
    response.keep_seconds = KEEP_SECONDS  # type: ignore[attr-defined]
    return response


def _suggested(card: CardView) -> dict[str, str]:
    return {
        "title": card.title,
        "url": card.url,
        "picture": smallest(card.image).src if card.image else "",
        "price": short_money(card.price_from, card.currency),
    }
