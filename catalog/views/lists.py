"""What all pages with a list of products say about themselves."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.queries import seo, structured
from catalog.queries.listing import PER_PAGE, Listing, NoSuchPage, Shelf, listing
from catalog.queries.markets import markets
from catalog.queries.page import Seo
from catalog.queries.shelves import About, Crumb


def page_of(shelf: Shelf, request: HttpRequest) -> Listing:
    """The page an address asks for. Raises Http404 where the list has none such."""
    try:
        return listing(shelf, request.GET, now=timezone.now())
    except NoSuchPage as error:
        raise Http404 from error


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], found: Listing
) -> HttpResponse:
    response = render(request, template, context)
    if found.pages > 1:
        response["Link"] = _neighbours(found)
    return response


def list_seo(about: About, *, path: str, crumbs: list[Crumb], found: Listing) -> Seo:
    """What a category or a collection says: a narrowed or sorted view points to the plain list.

    path: below a market's prefix.
    """
    page = f"?page={found.page}" if found.page > 1 and not found.is_narrowed else ""
    title = about.meta_title or about.name
    pictures = (card.image.src for card in found.cards if card.image)
    return Seo(
        title=_("%(title)s, page %(page)s") % {"title": title, "page": found.page}
        if page
        else title,
        description=about.meta_description or about.description or about.name,
        canonical=f"{about.url}{page}",
        noindex=found.is_narrowed,
        og_image=about.picture_url or next(pictures, ""),
        alternates=seo.alternates(f"{path}{page}", markets()),
        json_ld=[structured.crumbs_ld(crumbs), *_listed(about, found)],
    )


def _listed(about: About, found: Listing) -> list[dict[str, Any]]:
    """The products on the page, for search engines; nothing where there are none."""
    before = (found.page - 1) * PER_PAGE
    if not found.cards:
        return []
    return [structured.shelf_ld(about.name, about.url, found.cards, before=before)]


def _neighbours(found: Listing) -> str:
    """The pages before and after this one, for those who read headers."""
    pairs = (("prev", found.previous_url), ("next", found.next_url))
    return ", ".join(f'<{url}>; rel="{relation}"' for relation, url in pairs if url)
