"""Cards as lists show them."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from catalog.models import Card, Image, Market
from catalog.queries.pictures import Picture, picture_of, tile_url
from shop.lib.prepared import Prepared

# Without a time nothing is called new.
Now = dt.datetime | None
NEW_FOR = dt.timedelta(days=30)
MOST_POPULAR = ("-in_stock", "-popularity", "pk")
NEWEST = ("-in_stock", "-published_at", "pk")
COLUMNS = (
    "slug", "title", "note", "price_from", "price_to", "compare_at", "image", "swatches",
    "rating_avg", "rating_count", "in_stock", "is_low", "published_at", "product_id",
)  # fmt: skip
BY_ID = Prepared(lambda ids: Card.objects.filter(pk__in=ids).values_list("pk", *COLUMNS))


@dataclass(frozen=True, slots=True)
class Swatch:
    name: str
    tile_url: str


@dataclass(frozen=True, slots=True)
class CardView:
    """What a product card shows. Prices as the market shows them, in `currency`."""

    url: str
    title: str
    note: str
    price_from: Decimal
    price_to: Decimal
    currency: str
    compare_at: Decimal | None
    image: Picture | None
    swatches: tuple[Swatch, ...]
    rating_avg: Decimal | None
    rating_count: int
    badge: str
    product_id: int

    @property
    def has_range(self) -> bool:
        return self.price_from != self.price_to


def shown(cards: "QuerySet[Card]", *, market: Market, now: Now = None) -> list[CardView]:
    """These cards, in one query."""
    return [card_view(row, market=market, now=now) for row in cards.values_list(*COLUMNS)]


def shown_in_order(ids: Sequence[int], *, market: Market, now: Now = None) -> list[CardView]:
    """The cards with these ids, in this order; what is gone is left out. One query, none for none."""
    if not ids:
        return []
    rows = BY_ID.rows(ids=list(ids))
    found = {row[0]: card_view(row[1:], market=market, now=now) for row in rows}
    return [found[pk] for pk in ids if pk in found]


def card_view(row: Iterable[Any], *, market: Market, now: Now = None) -> CardView:
    """The view of a row of COLUMNS."""
    kept = dict(zip(COLUMNS, row, strict=True))
    return CardView(
        url=_address(kept["slug"], get_script_prefix()),
        title=kept["title"],
        note=kept["note"],
        price_from=kept["price_from"],
        price_to=kept["price_to"],
        currency=market.currency,
        compare_at=kept["compare_at"],
        image=Picture.from_json(kept["image"]) if kept["image"] else None,
        swatches=tuple(Swatch(one["name"], tile_url(one["tile"])) for one in kept["swatches"]),
        rating_avg=kept["rating_avg"],
        rating_count=kept["rating_count"],
        badge=_badge(kept, now),
        product_id=kept["product_id"],
    )


@lru_cache(maxsize=8192)
def _address(slug: str, _prefix: str) -> str:
    return reverse("catalog:product", args=[slug])


def wearing(cards: list[CardView], values: Collection[str]) -> list[CardView]:
    """The cards with their pictures in one of these option values, where they have one. One query."""
    images = (
        Image.objects.filter(product__in=[card.product_id for card in cards])
        .filter(value__name__in=values)
        .exclude(file="")
        .order_by("product", "position", "pk")
        .distinct("product")
    )
    found = {image.product_id: image for image in images}
    return [
        replace(card, image=picture_of(found[card.product_id], alt=card.title))
        if card.product_id in found
        else card
        for card in cards
    ]


def _badge(kept: dict[str, Any], now: Now) -> str:
    if not kept["in_stock"]:
        return _("Sold out")
    if kept["compare_at"]:
        return _("Sale")
    if kept["is_low"]:
        return _("Low stock")
    return _("New") if now and now - kept["published_at"] < NEW_FOR else ""


def newest(market: Market, *, limit: int = 4, now: Now = None) -> list[CardView]:
    cards = Card.objects.in_market(market).order_by(*NEWEST)
    return shown(cards[:limit], market=market, now=now)


def best_sellers(market: Market, *, limit: int = 4, now: Now = None) -> list[CardView]:
    cards = Card.objects.in_market(market).order_by(*MOST_POPULAR)
    return shown(cards[:limit], market=market, now=now)
