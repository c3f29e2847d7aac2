"""Pages made of blocks."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Market
from catalog.queries import seo, shelves, structured
from catalog.queries.markets import markets
from catalog.queries.page import Seo, public_context
from catalog.views.market import market_of
from marketing.queries import pages
from marketing.queries.pages import Shown
from marketing.queries.sections import Section, sections
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page

PREVIEW = "preview"


@only_reads
def landing(request: HttpRequest, slug: str) -> HttpResponse:
    """A landing page; with a signed link, one that is not published yet."""
    if PREVIEW in request.GET:
        return _preview(request, slug)
    return _public(request, slug)


def unseen(response: HttpResponse) -> HttpResponse:
    """For a page that is not out: kept by nobody, listed nowhere."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response


@public_page
def _public(request: HttpRequest, slug: str) -> HttpResponse:
    market, now = market_of(request), timezone.now()
    shown = pages.published(slug, market, now=now)
    if shown is None or not shown.blocks:
        raise Http404
    response = _page(request, shown, sections(shown.blocks, market, now=now))
    response.keep_seconds = shown.seconds_left(now)  # type: ignore[attr-defined]
    return response


def _preview(request: HttpRequest, slug: str) -> HttpResponse:
    market, now = market_of(request), timezone.now()
    shown = pages.previewed(slug, request.GET[PREVIEW], market, now=now)
    if shown is None:
        raise Http404
    found = sections(shown.blocks, market, now=now)
    return unseen(_page(request, shown, found, noindex=True))


def _page(
    request: HttpRequest, shown: Shown, found: Sequence[Section], *, noindex: bool = False
) -> HttpResponse:
    page = shown.page
    crumbs = [*shelves.crumbs((), home=_("Home")), (page.title, page.get_absolute_url())]
    about = Seo(
        title=page.meta_title or page.title,
        description=page.meta_description
        or seo.described(page.title, *(one.html for one in found if one.html)),
        canonical=page.get_absolute_url(),
        noindex=noindex,
        og_image=next((one.picture.src for one in found if one.picture), ""),
        alternates=() if noindex else alternates(shown),
        json_ld=[structured.crumbs_ld(crumbs)],
    )
    context = {
        **public_context(request, seo=about),
        "page": {"title": page.title, "has_heading": any(one.is_heading for one in found)},
        "breadcrumbs": tuple(crumbs),
        "sections": found,
    }
    return render(request, "marketing/landing.html", context)


def alternates(shown: Shown) -> list[tuple[str, str]]:
    """The page in every market that shows something of it."""
    here: list[Market] = shown.among(markets())
    return seo.alternates(f"/explore/{shown.page.slug}/", here)
