"""Search: products first, then help pages; and something to go on with when nothing is found."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.models import Card, Market
from catalog.queries import cards, search_past
from catalog.queries import search as searching
from catalog.queries.cards import CardView
from catalog.queries.documents import config_for
from catalog.queries.listing import BEST, ORDERS, Listing, NoSuchPage, Shelf, listing
from catalog.queries.page import Seo, menu, public_context
from catalog.queries.pictures import smallest
from catalog.queries.search import Found
from catalog.queries.search_terms import Terms
from catalog.services import search_counts
from catalog.views.market import market_of
from shop.lib import limits
from shop.lib.addresses import address_of
from shop.lib.guard import same_origin_only
from shop.lib.http import only_reads
from shop.lib.limits import TooOften
from shop.lib.page_cache import public_page
from shop.templatetags.shop_text import short_money
from support.queries import articles_about

FEWEST_LETTERS, SUGGESTED = 2, 5
# Searches are without number: they make room sooner than shelves do.
KEEP_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Notes:
    """What was done with the words beyond looking them up, as texts and bools.

    spelt, cut: empty when nothing was put right or left out.
    """

    query: str
    spelt: str
    exact_url: str
    has_none: bool
    has_near_ones: bool
    cut: str

    @classmethod
    def of(cls, found: Found, text: str) -> "Notes":
        return cls(
            query=text,
            spelt=found.terms.spelt if found.terms.is_corrected else "",
            exact_url=searching.search_url(q=text, exact="1"),
            has_none=bool(found.ids) and not found.whole,
            has_near_ones=found.has_near_ones,
            cut=str(len(found.ids)) if found.is_cut else "",
        )


@only_reads
@public_page
def search(request: HttpRequest) -> HttpResponse:
    market = market_of(request)
    text = searching.cleaned(request.GET.get("q", ""))
    if not text:
        return _everything(request, market)
    limits.check(request, limits.SEARCH)
    found = searching.find(text, market, exact="exact" in request.GET)
    if found.slug:
        return _to_product(found.slug, text)
    return _results(request, text, found)


def _to_product(slug: str, number: str) -> HttpResponse:
    sku = searching.sku_with_number(slug, number)
    chosen = f"?{urlencode({'v': sku})}" if sku else ""
    return redirect(f"{address_of('catalog:product', slug)}{chosen}")


def _everything(request: HttpRequest, market: Market) -> HttpResponse:
    shelf = Shelf(
        cards=Card.objects.in_market(market),
        market=market,
        url=address_of("catalog:search"),
        best=ORDERS[BEST],
        keep_as="search",
    )
    page = _listing(shelf, request)
    return _page(request, _("Everything we make"), {"query": "", "listing": page})


def _results(request: HttpRequest, text: str, found: Found) -> HttpResponse:
    market = market_of(request)
    category = request.GET.get("category", "")[:255]
    page = _listing(_shelf(request, text, found, category), request)
    if _is_plain(request):
        today = timezone.now().date()
        search_counts.note(text=text, results=page.total, market=market, on=today)
    context = {
        "query": text,
        "seen_url": address_of("catalog:search_seen"),
        "notes": Notes.of(found, text),
        "listing": page,
        "scopes": _scopes(found, text, category, market) if page.total else [],
        "articles": _articles(found.terms, market),
        "popular": [] if page.total or page.active else cards.best_sellers(market, limit=4),
    }
    return _page(request, _("Search: %(words)s") % {"words": text}, context)


def _page(request: HttpRequest, title: str, context: dict[str, Any]) -> HttpResponse:
    common = public_context(request, seo=Seo(title=title, noindex=True))
    response = render(request, "catalog/search.html", {**common, **context})
    response.keep_seconds = KEEP_SECONDS  # type: ignore[attr-defined]
    return response


def _is_plain(request: HttpRequest) -> bool:
    """Whether only words were asked for: pages and filters further in are the same search."""
    return request.GET.keys() <= {"q", "exact"}


def _listing(shelf: Shelf, request: HttpRequest) -> Listing:
    try:
        return listing(shelf, request.GET, now=timezone.now())
    except NoSuchPage as error:
        raise Http404 from error


def _scopes(
    found: Found, text: str, category: str, market: Market
) -> tuple[tuple[str, str, str], ...]:
    scopes = searching.scopes(found, menu(market).links, text=text, current=category)
    return tuple([(one.name, one.url, str(one.count)) for one in scopes])


def _articles(terms: Terms, market: Market) -> tuple[tuple[str, str], ...]:
    config = config_for(market.language)
    found = articles_about(terms.stems, without=terms.unwanted, config=config)
    return tuple([(one.title, one.url) for one in found])


def _shelf(request: HttpRequest, text: str, found: Found, category: str) -> Shelf:
    narrowed = {"category": category} if category else {}
    exact = {"exact": "1"} if "exact" in request.GET else {}

    def cards_of() -> "QuerySet[Card]":
        return found.cards.filter(categories__contains=[category]) if category else found.cards

    return Shelf(
        # Made when it is asked for: the first pages of what was found never do.
        cards=cast("QuerySet[Card]", SimpleLazyObject(cards_of)),
        ranked=None if category else found.ranked.cards,
        market=market_of(request),
        url=address_of("catalog:search"),
        extra=tuple({"q": text, **exact, **narrowed}.items()),
        best=searching.BEST_MATCH,
        best_label=_("Best match"),
    )


@only_reads
@public_page
def suggest(request: HttpRequest) -> HttpResponse:
    """A few searches, products and shelves for what is being typed, as JSON."""
    market = market_of(request)
    text = searching.cleaned(request.GET.get("q", ""))
    answer: dict[str, Any] = {"query": text, "queries": [], "products": [], "categories": []}
    if len(text) >= FEWEST_LETTERS:
        limits.check(request, limits.SUGGEST)
        answer |= _suggestions(text, market)
    response = JsonResponse(answer)
    response.keep_seconds = KEEP_SECONDS  # type: ignore[attr-defined]
    return response


def _suggestions(text: str, market: Market) -> dict[str, Any]:
    found = searching.find(text, market, is_typing=True)
    queries = search_past.popular(text, market, on=timezone.now().date())
    products = cards.shown_in_order(found.ids[:SUGGESTED], market=market)
    return {
        "queries": [{"text": one, "url": searching.search_url(q=one)} for one in queries],
        "products": [_suggested(card) for card in products],
        "categories": [{"name": name, "url": url} for name, url in searching.shelves_named(text)],
    }


def _suggested(card: CardView) -> dict[str, str]:
    return {
        "title": card.title,
        "url": card.url,
        "picture": smallest(card.image).src if card.image else "",
        "price": short_money(card.price_from, card.currency),
    }


@same_origin_only
@require_POST
def search_seen(request: HttpRequest) -> HttpResponse:
    """A browser says that somebody saw the results of a search."""
    with suppress(TooOften):
        limits.check(request, limits.SEEN)
        text = searching.cleaned(request.POST.get("q", ""))
        search_counts.seen(text=text, market=market_of(request), on=timezone.now().date())
    return HttpResponse(status=204)
