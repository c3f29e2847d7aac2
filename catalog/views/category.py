"""A shelf: its list, its own shelves, its filters."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from catalog.models import Market
from catalog.queries import cards, shelves
from catalog.queries.listing import Listing, category_shelf
from catalog.queries.page import public_context
from catalog.queries.shelves import Place
from catalog.views.lists import answer, list_seo, page_of
from catalog.views.market import market_of
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page


@only_reads
@public_page
def category(request: HttpRequest, url_path: str) -> HttpResponse:
    market = market_of(request)
    here = shelves.place(url_path, market)
    if here is None:
        raise Http404
    found = page_of(category_shelf(market, here.url_path, url=here.url), request)
    crumbs = [*shelves.crumbs([], home=_("Home")), *here.lineage]
    seo = list_seo(here, path=f"/c/{here.url_path}/", crumbs=crumbs, found=found)
    context = {
        **public_context(request, seo=seo),
        "category": here,
        "breadcrumbs": tuple(crumbs),
        "children": here.children,
        "listing": found,
        **_instead(here, market, found),
    }
    return answer(request, "catalog/category.html", context, found)


def _instead(here: Place, market: Market, found: Listing) -> dict[str, Any]:
    """A way on from a shelf with nothing on it: the shelves beside it, and what others buy."""
    if found.total or found.active:
        return {"beside": [], "popular": []}
    return {
        "beside": [shelves.tile_of(one) for one in shelves.siblings(here.url_path)],
        "popular": cards.best_sellers(market),
    }
