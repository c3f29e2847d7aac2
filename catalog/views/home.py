"""The shop front: the blocks that staff have arranged, or the shop's own until they have."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.queries import seo, structured
from catalog.queries.markets import markets
from catalog.queries.page import Seo, public_context
from catalog.views.market import market_of
from marketing.models import LandingPage
from marketing.models.content import HOME
from marketing.queries import pages
from marketing.queries.sections import Section, sections
from marketing.queries.words import default_blocks
from marketing.views.landing import PREVIEW, unseen
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page
from shop.lib.parts import kept


@only_reads
def home(request: HttpRequest) -> HttpResponse:
    if PREVIEW in request.GET:
        return _preview(request)
    return _public(request)


@public_page
def _public(request: HttpRequest) -> HttpResponse:
    market, now = market_of(request), timezone.now()
    shown = pages.published(HOME, market, now=now)
    blocks = shown.blocks if shown and shown.blocks else default_blocks()
    about = _seo(request, shown.page if shown else None)
    # Which blocks are shown follows the clock; what they show, the shop's version.
    name = f"home:{market.pk}:{[block.pk for block in blocks]}:{now:%Y%m%d%H}"
    response = _page(request, about, kept(name, lambda: sections(blocks, market, now=now)))
    if shown:
        response.keep_seconds = shown.seconds_left(now)  # type: ignore[attr-defined]
    return response


def _preview(request: HttpRequest) -> HttpResponse:
    market, now = market_of(request), timezone.now()
    shown = pages.previewed(HOME, request.GET[PREVIEW], market, now=now)
    if shown is None:
        raise Http404
    about = Seo(title=shown.page.meta_title or shown.page.title, noindex=True)
    return unseen(_page(request, about, sections(shown.blocks, market, now=now)))


def _page(request: HttpRequest, about: Seo, found: Sequence[Section]) -> HttpResponse:
    context = {
        **public_context(request, seo=about),
        "sections": found,
        "has_heading": any(one.is_heading for one in found),
    }
    return render(request, "catalog/home.html", context)


def _seo(request: HttpRequest, page: LandingPage | None) -> Seo:
    return Seo(
        title=(page.meta_title if page else "") or _("Stoneware, linen and tea for the table"),
        description=(page.meta_description if page else "")
        or _(
            "Small-batch stoneware, woven linen, loose tea and paper goods, posted within two"
            " working days. 30-day returns with the postage paid."
        ),
        canonical=reverse("catalog:home"),
        alternates=seo.alternates("/", markets()),
        json_ld=structured.store_ld(market_of(request)),
    )
