"""What every page carries around its own matter: markets, shelves, what search engines are told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from catalog.models import Market
from catalog.queries import seo as words
from catalog.queries import shelves
from catalog.queries.markets import markets
from shop.lib.parts import kept


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
    is_current: bool


def page_context(request: HttpRequest, *, seo: Seo) -> dict[str, Any]:
    """The part of the context that all pages share; shelves are read when a template asks."""
    market: Market = request.market  # type: ignore[attr-defined]
    return {
        "shop": settings.SHOP,
        "market": market,
        "markets": [_link(one, market) for one in markets()],
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


def _nav(request: HttpRequest, market: Market) -> list[NavLink]:
    pairs = kept(f"nav:{market.pk}", _nav_pairs)
    return [NavLink(name, url, request.path.startswith(url)) for name, url in pairs]


def _nav_pairs() -> list[tuple[str, str]]:
    return [(shelf.name, shelf.get_absolute_url()) for shelf in shelves.roots()]
