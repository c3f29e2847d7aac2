"""Collections: products that belong together across shelves."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.queries import cards, seo, shelves, structured
from catalog.queries import collections as queries
from catalog.queries.markets import markets
from catalog.queries.page import Seo, public_context
from catalog.queries.shelves import Crumb
from catalog.views.lists import answer, list_seo, page_of
from catalog.views.market import market_of
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page


@only_reads
@public_page
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    market = market_of(request)
    here = queries.collection(slug, market)
    if here is None:
        raise Http404
    found = page_of(queries.shelf_of(here, market), request)
    crumbs = [*_crumbs(), (here.name, here.url)]
    about = list_seo(here, path=f"/collections/{slug}/", crumbs=crumbs, found=found)
    is_empty = not (found.total or found.active)
    context = {
        **public_context(request, seo=about),
        "collection": {"title": here.name, "description": here.description},
        "breadcrumbs": tuple(crumbs),
        "listing": found,
        "popular": cards.best_sellers(market) if is_empty else [],
    }
    return answer(request, "catalog/collection.html", context, found)


@only_reads
@public_page
def collections(request: HttpRequest) -> HttpResponse:
    found, crumbs = queries.tiles(), _crumbs()
    about = Seo(
        title=_("Collections"),
        description=_("Pieces that belong together, picked across all our shelves."),
        canonical=reverse("catalog:collections"),
        noindex=not found,
        alternates=seo.alternates("/collections/", markets()),
        json_ld=[structured.crumbs_ld(crumbs)],
    )
    context = {
        **public_context(request, seo=about),
        "breadcrumbs": tuple(crumbs),
        "collections": found,
        "popular": [] if found else cards.best_sellers(market_of(request)),
    }
    return render(request, "catalog/collections.html", context)


def _crumbs() -> list[Crumb]:
    return [*shelves.crumbs([], home=_("Home")), (_("Collections"), reverse("catalog:collections"))]
