"""Blocks with everything their templates show. However many there are: a fixed number of queries."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db.models import CharField, QuerySet, Value
from django.urls import get_script_prefix
from django.utils.translation import gettext as _

from catalog.models import Card, Category, Collection, Market
from catalog.queries import cards, facets, shelves
from catalog.queries.cards import COLUMNS, CardView
from catalog.queries.pictures import Picture, tile_url
from catalog.queries.shelves import Tile
from marketing.models import ContentBlock
from marketing.queries.pictures import block_picture, own_hero
from marketing.queries.words import Promise, promises
from shop.lib.addresses import address_of
from shop.lib.html import CleanHtml, cleaned

CARDS_IN_ROW = 4
Kind, Source = ContentBlock.Kind, ContentBlock.Source


@dataclass(frozen=True, slots=True)
class Glaze:
    name: str
    url: str
    tile_url: str


@dataclass(slots=True, kw_only=True)
class Section:
    """A block as its template shows it. is_heading: its title is the heading of the whole page."""

    template: str
    title: str
    html: CleanHtml
    link_url: str
    link_text: str
    is_heading: bool = False
    picture: Picture | None = None
    cards: Sequence[CardView] = ()
    tiles: Sequence[Tile] = ()
    glazes: Sequence[Glaze] = ()
    promises: Sequence[Promise] = field(default_factory=tuple)


def sections(blocks: Sequence[ContentBlock], market: Market, *, now: dt.datetime) -> list[Section]:
    """What these blocks show in a market, in their order. At most five queries."""
    kinds = {block.kind for block in blocks}
    roots = shelves.roots() if Kind.CATEGORIES in kinds else []
    tiles = tuple(shelves.tile_of(one) for one in roots)
    glazes = _glazes() if Kind.GLAZES in kinds else []
    rows = _rows(blocks, market, now)
    more = _more(blocks)
    first = next((place for place, one in enumerate(blocks) if one.kind == Kind.HERO), None)
    found = []
    for place, block in enumerate(blocks):
        section = _plain(block, is_heading=place == first)
        match block.kind:
            case Kind.PRODUCTS:
                section.cards = rows.get(place, ())
                section.link_url = section.link_url or more.get(place, "")
                section.link_text = section.link_text or _("See all")
            case Kind.CATEGORIES:
                section.tiles = tiles
            case Kind.GLAZES:
                section.glazes = glazes
            case Kind.PROMISES:
                section.promises = () if section.html else promises()
        found.append(section)
    return found


def _plain(block: ContentBlock, *, is_heading: bool) -> Section:
    picture = block_picture(block)
    return Section(
        template=f"marketing/blocks/{block.kind}.html",
        title=block.title,
        html=cleaned(block.text),
        link_url=address(block.link_url),
        link_text=block.link_text,
        is_heading=is_heading,
        picture=own_hero() if picture is None and block.kind == Kind.HERO else picture,
    )


def address(url: str) -> str:
    """A link as a page may show it: below the market's prefix, or on another site; else none."""
    parts = urlsplit(url.strip())
    if parts.scheme in ("http", "https") and parts.netloc:
        return parts.geturl()
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return ""
    return f"{get_script_prefix().rstrip('/')}{parts.geturl()}"


def _rows(
    blocks: Sequence[ContentBlock], market: Market, now: dt.datetime
) -> dict[int, list[CardView]]:
    """The cards of every row of products, by the row's place. One query for all rows."""
    wanted = [
        _told_apart(_cards(block, market)[:CARDS_IN_ROW], place)
        for place, block in enumerate(blocks)
        if block.kind == Kind.PRODUCTS
    ]
    if not wanted:
        return {}
    whole = wanted[0].union(*wanted[1:], all=True) if len(wanted) > 1 else wanted[0]
    found: dict[int, list[CardView]] = {}
    for place, *row in whole:
        found.setdefault(int(place), []).append(cards.card_view(row, market=market, now=now))
    return found


def _cards(block: ContentBlock, market: Market) -> "QuerySet[Card]":
    here = Card.objects.in_market(market)
    match block.source:
        case Source.COLLECTION:
            return here.filter(collections__contains=[block.source_ref]).order_by(
                *cards.MOST_POPULAR
            )
        case Source.CATEGORY:
            return here.under(block.source_ref).order_by(*cards.MOST_POPULAR)
        case Source.SALE:
            return here.filter(compare_at__isnull=False).order_by(*cards.MOST_POPULAR)
        case Source.NEWEST:
            return here.order_by(*cards.NEWEST)
        case _:
            return here.order_by(*cards.MOST_POPULAR)


def _told_apart(rows: "QuerySet[Card]", place: int) -> "QuerySet[Card, tuple[Any, ...]]":
    named = Value(str(place), output_field=CharField())
    return rows.annotate(place=named).values_list("place", *COLUMNS)


def _more(blocks: Iterable[ContentBlock]) -> dict[int, str]:
    """Where each row goes on, as far as that place exists. At most two queries."""
    rows = [(place, one) for place, one in enumerate(blocks) if one.kind == Kind.PRODUCTS]
    refs = {
        kind: {one.source_ref for _place, one in rows if one.source == kind}
        for kind in (Source.CATEGORY, Source.COLLECTION)
    }
    known: dict[tuple[str, str], str] = {}
    if refs[Source.CATEGORY]:
        for shelf in Category.objects.filter(url_path__in=refs[Source.CATEGORY]):
            known[Source.CATEGORY, shelf.url_path] = shelf.get_absolute_url()
    if refs[Source.COLLECTION]:
        active = Collection.objects.filter(slug__in=refs[Source.COLLECTION], is_active=True)
        for one in active:
            known[Source.COLLECTION, one.slug] = one.get_absolute_url()
    search = address_of("catalog:search")
    known[Source.NEWEST, ""] = f"{search}?sort=newest"
    known[Source.BEST_SELLERS, ""] = search
    return {place: known.get((one.source, one.source_ref), "") for place, one in rows}


def _glazes() -> list[Glaze]:
    """The swatches as a way into the shop."""
    search = address_of("catalog:search")
    return [
        Glaze(one.label, f"{search}?{urlencode({one.key: one.value})}", tile_url(one.tile))
        for one in facets.with_tiles()
    ]
