"""The shop front: the blocks that staff have arranged, or the shop's own until they have."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalog.models import Market
from catalog.queries import seo, structured
from catalog.queries.markets import markets
from catalog.queries.page import Seo, public_context
from catalog.views.market import market_of
from marketing.models.content import HOME
from marketing.queries import pages
from marketing.queries.sections import Section, sections
from marketing.queries.words import default_blocks
from marketing.views.landing import PREVIEW, unseen
from shop.lib.addresses import address_of
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page
from shop.lib.parts import kept


@only_reads
def home(request: HttpRequest) -> HttpResponse:
    if PREVIEW in request.GET:
        return _preview(request)
    return _public(request)


@dataclass(frozen=True, slots=True)
class Front:
    """What the shop front shows and says of itself, ready to be put into the frame of all pages."""

    title: str
    description: str
    sections: SafeString
    has_heading: bool


@public_page
def _public(request: HttpRequest) -> HttpResponse:
    market, now = market_of(request), timezone.now()
    moments = pages.moments(HOME)
    # Which blocks are shown follows the clock; what they show, the shop's version.
    begun = sum(at <= now for at in moments)
    name = f"home:{market.pk}:{begun}:{now:%Y%m%d%H}"
    front = kept(name, lambda: _read_front(market, now))
    response = _page(request, _seo(request, front), front.sections, has_heading=front.has_heading)
    response.keep_seconds = pages.seconds_left(moments, now)  # type: ignore[attr-defined]
    return response


def _read_front(market: Market, now: dt.datetime) -> Front:
    shown = pages.published(HOME, market, now=now)
    found = sections(shown.blocks if shown and shown.blocks else default_blocks(), market, now=now)
    return Front(
        title=shown.page.meta_title if shown else "",
        description=shown.page.meta_description if shown else "",
        sections=_drawn(found),
        has_heading=_has_heading(found),
    )


def _preview(request: HttpRequest) -> HttpResponse:
    market, now = market_of(request), timezone.now()
    shown = pages.previewed(HOME, request.GET[PREVIEW], market, now=now)
    if shown is None:
        raise Http404
    about = Seo(title=shown.page.meta_title or shown.page.title, noindex=True)
    found = sections(shown.blocks, market, now=now)
    return unseen(_page(request, about, _drawn(found), has_heading=_has_heading(found)))


def _drawn(found: Sequence[Section]) -> SafeString:
    return render_to_string("marketing/_sections.html", {"sections": found})


def _has_heading(found: Sequence[Section]) -> bool:
    return any(one.is_heading for one in found)


def _page(
    request: HttpRequest, about: Seo, drawn: SafeString, *, has_heading: bool
) -> HttpResponse:
    context = {
        **public_context(request, seo=about),
        "sections": drawn,
        "has_heading": has_heading,
    }
    return render(request, "catalog/home.html", context)


def _seo(request: HttpRequest, front: Front) -> Seo:
    return Seo(
        title=front.title or _("Stoneware, linen and tea for the table"),
        description=front.description
        or _(
            "Small-batch stoneware, woven linen, loose tea and paper goods, posted within two"
            " working days. 30-day returns with the postage paid."
        ),
        canonical=address_of("catalog:home"),
        alternates=seo.alternates("/", markets()),
        json_ld=structured.store_ld(market_of(request)),
    )
