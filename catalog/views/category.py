"""A shelf: its list, its own shelves, its filters."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from catalog.models import Category, Market
from catalog.queries import cards, shelves
from catalog.queries.listing import Listing, category_shelf
from catalog.queries.page import public_context
from catalog.views.lists import answer, list_seo, page_of
from catalog.views.market import market_of
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page


@only_reads
@public_page
def category(request: HttpRequest, url_path: str) -> HttpResponse:
    market = market_of(request)
    lineage = shelves.lineage(url_path)
    if not lineage:
        raise Http404
    here = lineage[-1]
    found = page_of(category_shelf(market, here.url_path, url=here.get_absolute_url()), request)
    crumbs = shelves.crumbs(lineage, home=_("Home"))
    seo = list_seo(here, here.name, path=f"/c/{here.url_path}/", crumbs=crumbs, found=found)
    context = {
        **public_context(request, seo=seo),
        "category": {
            "name": here.name,
            "description": here.description,
            "url": here.get_absolute_url(),
        },
        "breadcrumbs": crumbs,
        "children": [shelves.tile_of(child) for child in shelves.children(here)],
        "listing": found,
        **_instead(here, market, found),
    }
    return answer(request, "catalog/category.html", context, found)


def _instead(here: Category, market: Market, found: Listing) -> dict[str, Any]:
    """A way on from a shelf with nothing on it: the shelves beside it, and what others buy."""
    if found.total or found.active:
        return {"beside": [], "popular": []}
    return {
        "beside": [shelves.tile_of(one) for one in shelves.siblings(here)],
        "popular": cards.best_sellers(market),
    }
