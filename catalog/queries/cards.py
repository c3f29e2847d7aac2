"""Cards as lists show them."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import get_script_prefix
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalog.models import Card, Image, Market
from catalog.queries.pictures import Picture, picture_of, tile_url
from shop.lib.addresses import address_of
from shop.lib.page_cache import KEEP
from shop.lib.parts import Rows
from shop.lib.prepared import Prepared
from shop.templatetags.shop_text import decimal, half_steps, language_at_hand, short_money_in

# Without a time nothing is called new.
Now = dt.datetime | None
NEW_FOR = dt.timedelta(days=30)
MOST_SWATCHES = 6
MOST_POPULAR = ("-in_stock", "-popularity", "pk")
NEWEST = ("-in_stock", "-published_at", "pk")
COLUMNS = (
    "slug", "title", "note", "price_from", "price_to", "compare_at", "image", "swatches",
    "rating_avg", "rating_count", "in_stock", "is_low", "published_at", "product_id",
)  # fmt: skip
# One takes about 2 KB.
SEEN: "Rows[CardView]" = Rows(2048)
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
    def words(self) -> "CardWords":
        language = language_at_hand()
        return CardWords(
            url=self.url,
            title=self.title,
            note=self.note,
            price=short_money_in(self.price_from, self.currency, language),
            is_from=self.price_from != self.price_to,
            was=short_money_in(self.compare_at, self.currency, language),
            picture=PictureWords.of(self.image) if self.image else None,
            swatches=self.swatches[:MOST_SWATCHES] if len(self.swatches) > 1 else (),
            rating=_rating_words(self.rating_avg, self.rating_count, language),
            badge=self.badge,
            product_id=str(self.product_id or ""),
        )


@dataclass(frozen=True, slots=True)
class PictureWords:
    """A picture as texts."""

    alt: str
    width: str
    height: str
    src: str
    srcset: str
    sources: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, one: Picture) -> "PictureWords":
        return cls(one.alt, str(one.width), str(one.height), one.src, one.srcset, one.sources)


@dataclass(frozen=True, slots=True)
class RatingWords:
    """stars: ten times as many as to be drawn, in halves; reviews: what `count` counts."""

    stars: str
    average: str
    count: str
    reviews: str


@dataclass(frozen=True, slots=True)
class CardWords:
    """All that a card says, as texts: what cards of the same make differ in. See `{% stencil %}`."""

    url: str
    title: str
    note: str
    price: str
    is_from: bool
    was: str
    picture: PictureWords | None
    swatches: tuple[Swatch, ...]
    rating: RatingWords | None
    badge: str
    product_id: str


@lru_cache(maxsize=2048)
def _rating_words(average: Decimal | None, count: int, _language: str) -> RatingWords | None:
    if not count:
        return None
    reviews = ngettext("review", "reviews", count)
    return RatingWords(str(half_steps(average)), decimal(average), str(count), reviews)


def shown(cards: "QuerySet[Card]", *, market: Market, now: Now = None) -> list[CardView]:
    """These cards, in one query."""
    return card_views(cards.values_list(*COLUMNS), market=market, now=now)


def shown_in_order(ids: Sequence[int], *, market: Market, now: Now = None) -> list[CardView]:
    """The cards with these ids, in this order; what is gone is left out.

    One query for those that this process has not seen under the shop's version.
    """
    # What is new today may not be so in an hour: as long as pages are kept.
    about = (market.currency, get_language(), get_script_prefix(), now and now.timestamp() // KEEP)

    def read(keys: list[Any]) -> dict[Any, CardView]:
        rows = BY_ID.rows(ids=[pk for pk, _about in keys])
        views = card_views((row[1:] for row in rows), market=market, now=now)
        return {(row[0], about): view for row, view in zip(rows, views, strict=True)}

    found = SEEN.of([(pk, about) for pk in ids], read) if ids else {}
    return [found[pk, about] for pk in ids if (pk, about) in found]


def card_views(rows: Iterable[Iterable[Any]], *, market: Market, now: Now = None) -> list[CardView]:
    """The views of rows of COLUMNS."""
    # Where and in which language is the same for all of them, and slow to find out.
    prefix, badges = get_script_prefix(), _badges(get_language())
    return [_card_view(row, market.currency, prefix, badges, now) for row in rows]


def card_view(row: Iterable[Any], *, market: Market, now: Now = None) -> CardView:
    """The view of a row of COLUMNS."""
    return card_views([row], market=market, now=now)[0]


def _card_view(
    row: Iterable[Any], currency: str, prefix: str, badges: "Badges", now: Now
) -> CardView:
    (slug, title, note, price_from, price_to, compare_at, image, swatches,
     rating_avg, rating_count, in_stock, is_low, published_at, product_id) = row  # fmt: skip
    return CardView(
        url=_address(slug, prefix),
        title=title,
        note=note,
        price_from=price_from,
        price_to=price_to,
        currency=currency,
        compare_at=compare_at,
        image=Picture.from_json(image) if image else None,
        swatches=tuple([Swatch(one["name"], tile_url(one["tile"])) for one in swatches]),
        rating_avg=rating_avg,
        rating_count=rating_count,
        badge=badges.of(
            in_stock=in_stock,
            is_reduced=bool(compare_at),
            is_low=is_low,
            is_new=bool(now and now - published_at < NEW_FOR),
        ),
        product_id=product_id,
    )


@lru_cache(maxsize=8192)
def _address(slug: str, _prefix: str) -> str:
    return address_of("catalog:product", slug)


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


class Badges(NamedTuple):
    """The words of badges in one language."""

    sold_out: str
    sale: str
    low: str
    new: str

    def of(self, *, in_stock: bool, is_reduced: bool, is_low: bool, is_new: bool) -> str:
        if not in_stock:
            return self.sold_out
        if is_reduced:
            return self.sale
        if is_low:
            return self.low
        return self.new if is_new else ""


@lru_cache(maxsize=32)
def _badges(_language: str) -> Badges:
    return Badges(_("Sold out"), _("Sale"), _("Low stock"), _("New"))


def newest(market: Market, *, limit: int = 4, now: Now = None) -> list[CardView]:
    cards = Card.objects.in_market(market).order_by(*NEWEST)
    return shown(cards[:limit], market=market, now=now)


def best_sellers(market: Market, *, limit: int = 4, now: Now = None) -> list[CardView]:
    cards = Card.objects.in_market(market).order_by(*MOST_POPULAR)
    return shown(cards[:limit], market=market, now=now)
