"""A shelf: its list, its own shelves, its filters."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Card, Category, Market
from catalog.queries import seo, shelves, structured
from catalog.queries.listing import Listing, NoSuchPage, Shelf, listing
from catalog.queries.markets import markets
from catalog.queries.page import Seo, public_context
from catalog.queries.shelves import Crumb
from catalog.views.market import market_of
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page


@only_reads
@public_page
def category(request: HttpRequest, url_path: str) -> HttpResponse:
    market, now = market_of(request), timezone.now()
    lineage = shelves.lineage(url_path)
    if not lineage:
        raise Http404
    here = lineage[-1]
    try:
        found = listing(_shelf(here, market), request.GET, now=now)
    except NoSuchPage as error:
        raise Http404 from error
    crumbs = shelves.crumbs(lineage, home=_("Home"))
    context = {
        **public_context(request, seo=_seo(here, crumbs, found)),
        "category": {
            "name": here.name,
            "description": here.description,
            "url": here.get_absolute_url(),
        },
        "breadcrumbs": crumbs,
        "children": [shelves.tile_of(child) for child in shelves.children(here)],
        "listing": found,
    }
    response = render(request, "catalog/category.html", context)
    if found.pages > 1:
        response["Link"] = _neighbours(found)
    return response


def _neighbours(found: Listing) -> str:
    """The pages before and after this one, for those who read headers."""
    pairs = (("prev", found.previous_url), ("next", found.next_url))
    return ", ".join(f'<{url}>; rel="{relation}"' for relation, url in pairs if url)


def _shelf(here: Category, market: Market) -> Shelf:
    return Shelf(
        cards=Card.objects.in_market(market).under(here.url_path),
        market=market,
        url=here.get_absolute_url(),
        keep_as=here.url_path,
    )


def _seo(here: Category, crumbs: list[Crumb], found: Listing) -> Seo:
    url = here.get_absolute_url()
    page = f"?page={found.page}" if found.page > 1 and not found.is_narrowed else ""
    title = here.meta_title or here.name
    pictures = [card.image for card in found.cards if card.image]
    return Seo(
        title=_("%(title)s, page %(page)s") % {"title": title, "page": found.page}
        if page
        else title,
        description=here.meta_description or here.description or here.name,
        canonical=f"{url}{page}",
        noindex=found.is_narrowed,
        og_image=here.image.url if here.image else (pictures[0].src if pictures else ""),
        alternates=seo.alternates(f"/c/{here.url_path}/{page}", markets()),
        json_ld=[structured.crumbs_ld(crumbs)],
    )
