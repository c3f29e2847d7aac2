"""The shop front."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Category
from catalog.queries import cards, facets, seo, shelves, structured
from catalog.queries.cards import CardView
from catalog.queries.markets import markets
from catalog.queries.page import Seo, public_context
from catalog.queries.pictures import Picture, tile_url
from catalog.views.market import market_of
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page


@dataclass(frozen=True, slots=True)
class Hero:
    title: str
    text: str
    picture: Picture | None
    link_url: str
    link_text: str


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    more_url: str
    more_text: str
    cards: list[CardView]


@dataclass(frozen=True, slots=True)
class Glaze:
    name: str
    url: str
    tile_url: str


@dataclass(frozen=True, slots=True)
class Promise:
    title: str
    text: str


@only_reads
@public_page
def home(request: HttpRequest) -> HttpResponse:
    market, now = market_of(request), timezone.now()
    roots = shelves.roots()
    tiles = [shelves.tile_of(shelf) for shelf in roots]
    hero = _hero(roots)
    context = {
        **public_context(request, seo=_seo(request, hero)),
        "hero": hero,
        "tiles": tiles,
        "rows": [
            Row(
                _("New from the kiln"),
                f"{reverse('catalog:search')}?sort=newest",
                _("See all new pieces"),
                cards.newest(market, now=now),
            ),
            Row(
                _("Best sellers"),
                reverse("catalog:search"),
                _("See all best sellers"),
                cards.best_sellers(market, now=now),
            ),
        ],
        "glazes": _glazes(),
        "promises": _promises(),
    }
    return render(request, "catalog/home.html", context)


def _hero(roots: list[Category]) -> Hero:
    wide, narrow = static("img/hero.webp"), static("img/hero-800.webp")
    return Hero(
        title=_("Thrown, woven, steeped."),
        text=_("Stoneware, linen and loose tea made in small batches, for tables used every day."),
        picture=Picture(
            alt=_("A teapot, cups, nested bowls, a vase and a folded tea towel"),
            width=1600,
            height=1280,
            src=narrow,
            srcset=f"{narrow} 800w, {wide} 1600w",
        ),
        link_url=roots[0].get_absolute_url() if roots else reverse("catalog:search"),
        link_text=_("Shop the new kiln"),
    )


def _glazes() -> list[Glaze]:
    """The swatches as a way into the shop."""
    search = reverse("catalog:search")
    return [
        Glaze(one.label, f"{search}?{urlencode({one.key: one.value})}", tile_url(one.tile))
        for one in facets.with_tiles()
    ]


def _promises() -> list[Promise]:
    return [
        Promise(
            _("Posted in two days"),
            _("Orders before 2 pm leave the same day. You see the arrival date before you pay."),
        ),
        Promise(
            _("Breakages replaced"),
            _("Send a photo within 14 days and we send another. There is no form to fill in."),
        ),
        Promise(
            _("30-day returns"),
            _("Start a return from your order page. The label is prepaid."),
        ),
    ]


def _seo(request: HttpRequest, hero: Hero) -> Seo:
    return Seo(
        title=_("Stoneware, linen and tea for the table"),
        description=_(
            "Small-batch stoneware, woven linen, loose tea and paper goods, posted within two"
            " working days. 30-day returns with the postage paid."
        ),
        canonical=reverse("catalog:home"),
        og_image=hero.picture.src if hero.picture else "",
        alternates=seo.alternates("/", markets()),
        json_ld=structured.store_ld(market_of(request)),
    )
