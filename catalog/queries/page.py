"""What every page carries around its own matter: markets, shelves, what search engines are told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from catalog.models import Market
from catalog.queries import seo as words
from catalog.queries import shelves
from catalog.queries.markets import markets
from shop.lib.parts import kept

MOST_COLLECTIONS = 12
# The page of each kind of entry in the menu.
PAGES = {1: "category", 2: "category", shelves.COLLECTION: "collection"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seo:
    """What search engines and link previews are told. Whatever is left out is made up.

    title: without the shop's name. canonical, og_image: addresses with or without the host.
    alternates: (hreflang, address) of the same page elsewhere.
    """

    title: str
    description: str = ""
    canonical: str = ""
    noindex: bool = False
    og_image: str = ""
    alternates: Sequence[tuple[str, str]] = ()
    json_ld: Sequence[dict[str, Any]] = field(default_factory=list)

    @property
    def words(self) -> "SeoWords":
        return SeoWords(
            self.title,
            self.description,
            self.canonical,
            self.noindex,
            self.og_image,
            tuple(self.alternates),
        )


@dataclass(frozen=True, slots=True)
class SeoWords:
    """What a page's head says of it, for its stencil."""

    title: str
    description: str
    canonical: str
    noindex: bool
    og_image: str
    alternates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MarketLink:
    name: str
    currency: str
    home_url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class NavLink:
    name: str
    url: str
    is_current: bool = False
    children: tuple["NavLink", ...] = ()

    def __hash__(self) -> int:
        """Quick: whole menus are looked up by what they say."""
        return hash(self.url)


@dataclass(frozen=True, slots=True)
class Nav:
    """The shelves and what lies on them, and the collections across them."""

    links: tuple[NavLink, ...]
    collections: tuple[NavLink, ...]


def page_context(request: HttpRequest, *, seo: Seo) -> dict[str, Any]:
    """The part of the context that all pages share; shelves are read when a template asks."""
    market: Market = request.market  # type: ignore[attr-defined]
    return {
        "shop": settings.SHOP,
        "market": market,
        "markets": tuple(_link(one, market) for one in markets()),
        "nav": SimpleLazyObject(lambda: _nav(request, market)),
        # Written by the middleware, which may ask the apps above this one.
        "strip": getattr(request, "strip", ""),
        "seo": _complete(seo, request),
    }


def public_context(request: HttpRequest, *, seo: Seo) -> dict[str, Any]:
    """The same for a page that is kept for everybody: nobody's messages are on it."""
    return {**page_context(request, seo=seo), "messages": ()}


def _complete(seo: Seo, request: HttpRequest) -> Seo:
    return replace(
        seo,
        title=words.titled(seo.title),
        description=words.described(seo.description),
        canonical=words.absolute(seo.canonical or request.path),
        og_image=words.absolute(seo.og_image) if seo.og_image else words.logo(),
    )


def _link(one: Market, current: Market) -> MarketLink:
    return MarketLink(one.name, one.currency, one.prefix, one == current)


def menu(market: Market) -> Nav:
    """The shelves and collections that every page leads to."""
    return kept(f"menu:{market.pk}", _read_nav)


def _nav(request: HttpRequest, market: Market) -> Nav:
    found, here = menu(market), request.path
    return _marked(found, next((o.url for o in found.links if here.startswith(o.url)), ""))


@lru_cache(maxsize=64)
def _marked(found: Nav, current: str) -> Nav:
    """The menu with the shelf that the page is on. Few: as many as there are shelves at the top."""
    links = (replace(one, is_current=one.url == current) for one in found.links)
    return replace(found, links=tuple(links))


def _read_nav() -> Nav:
    """Shelves and collections in one query: a page that finds no menu kept has others to ask."""
    roots: list[tuple[NavLink, list[NavLink]]] = []
    collections = []
    for place, _order, name, address in shelves.upper_levels_and_collections():
        link = NavLink(name, reverse(f"catalog:{PAGES[place]}", args=[address]))
        if place == shelves.COLLECTION:
            collections.append(link)
        elif place == 1:
            roots.append((link, []))
        elif roots:
            roots[-1][1].append(link)
    return Nav(
        links=tuple(replace(root, children=tuple(below)) for root, below in roots),
        collections=tuple(collections[:MOST_COLLECTIONS]),
    )
