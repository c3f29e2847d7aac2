"""From a variant to the offer that feeds tell."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator

from catalog.models import Image, Market, Price
from catalog.queries.price_history import announced
from catalog.queries.seo import absolute
from catalog.queries.shown import Side, Sides, sides_with_tax
from catalog.queries.structured import axis_of, group_id
from catalog.queries.unit_prices import unit_price
from channels.queries.delivery import Delivery
from channels.queries.judging import LONGEST_WORD, shown, title_of
from channels.queries.offers import (
    BACKORDER,
    IN_STOCK,
    OUT_OF_STOCK,
    PREORDER,
    Offer,
    Shipping,
    measured,
    minute,
    period,
    priced,
)
from channels.queries.stock import Piece
from shop.lib.html import plain_text
from shop.lib.workdays import start_of

LONGEST_DESCRIPTION, MOST_PICTURES, LONGEST_TYPE, LONGEST_AXIS = 5000, 10, 750, 100
# Feeds are made every night: an offer that ends sooner is taken back by the next one.
SALE_HOLDS = dt.timedelta(days=30)
# Where goods are told without tax, as everybody there does.
TAX_APART = {"US", "CA"}


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the offers of one market at one moment."""

    market: Market
    delivery: Delivery
    sides: Sides
    now: dt.datetime

    @classmethod
    def of(cls, market: Market, *, now: dt.datetime) -> "Maker":
        return cls(market, Delivery.of(market), sides_with_tax(market, now=now), now)

    def offer(self, piece: Piece, price: Price) -> Offer:
        """The offer of a piece that nothing keeps out. price: of this market."""
        variant, product = piece.variant, piece.product
        pictures = [absolute(one.file.url) for one in _ordered(piece)]
        amount, sale, sale_period = self._amounts(piece, price)
        measure, base = self._unit(piece, price)
        return Offer(
            id=variant.sku,
            title=title_of(piece),
            description=_described(piece),
            link=self._link(piece),
            image_link=pictures[0],
            additional_image_links=pictures[1 : MOST_PICTURES + 1],
            availability=_availability(piece),
            availability_date=_starts(piece),
            price=amount,
            sale_price=sale,
            sale_period=sale_period,
            brand=product.brand,
            gtin=variant.barcode,
            mpn=variant.mpn[:LONGEST_WORD],
            group_id=group_id(product) if piece.values else "",
            axes=_axes(piece.values),
            product_type=str(Truncator(" > ".join(piece.shelves)).chars(LONGEST_TYPE)),
            unit_measure=measure,
            unit_base=base,
            grams=variant.grams,
            shipping=self._shipping(piece, price),
        )

    def _link(self, piece: Piece) -> str:
        path = reverse("catalog:product", args=[piece.product.slug]).removeprefix("/")
        return absolute(f"{self.market.prefix}{path}?{urlencode({'v': piece.variant.sku})}")

    def _amounts(self, piece: Piece, price: Price) -> tuple[str, str, str]:
        """The regular price, the reduced one and from when to when; the latter two may be empty."""
        currency, side = self.market.currency, self._side(piece)
        asked = priced(side.of(price.current), currency)
        regular = None if price.reduced_at is None else price.amount
        was = announced(price.current, price.compare_at, piece.prior, regular=regular)
        if was is None:
            return asked, "", ""
        end = (price.sale and price.sale.ends_at) or self.now + SALE_HOLDS
        ends = min(piece.product.unpublished_at or end, end)
        # What is reduced just now has begun by the time anybody reads of it.
        begun = min(price.reduced_at or piece.since or self.now, ends - dt.timedelta(minutes=1))
        return priced(side.of(was), currency), asked, period(begun, ends)

    def _side(self, piece: Piece) -> Side:
        if self.market.home_country in TAX_APART:
            side = self.sides.of(self.market, piece.product.type.tax_class_id)
            return replace(side, shown_with_tax=False)
        return self.sides.with_tax(self.market, piece.product.type.tax_class_id)

    def _unit(self, piece: Piece, price: Price) -> tuple[str, str]:
        found = unit_price(
            price.current,
            content=piece.variant.content,
            unit=piece.variant.content_unit,
            currency=self.market.currency,
        )
        if found is None:
            return "", ""
        return (
            measured(found.content, found.content_unit),
            measured(found.reference, found.unit),
        )

    def _shipping(self, piece: Piece, price: Price) -> Sequence[Shipping]:
        if not piece.product.type.is_shipped:
            return self.delivery.by_mail()
        return self.delivery.cheapest(grams=piece.variant.grams, goods=price.current)


def _availability(piece: Piece) -> str:
    needs_stock = piece.product.type.is_shipped or piece.variant.uses_keys
    if not needs_stock or piece.stock.available:
        return IN_STOCK
    if not piece.stock.later:
        return OUT_OF_STOCK
    return PREORDER if piece.stock.is_preorder else BACKORDER


def _starts(piece: Piece) -> str:
    day = piece.stock.later_on
    is_ahead = _availability(piece) in (BACKORDER, PREORDER)
    return minute(start_of(day)) if is_ahead and day else ""


def _described(piece: Piece) -> str:
    return str(Truncator(plain_text(piece.product.description)).chars(LONGEST_DESCRIPTION))


def _ordered(piece: Piece) -> list[Image]:
    """Pictures of the variant's own values first, then those of all; every one if that leaves none."""
    usable = shown(list(piece.images))
    own = {pk for _option, _name, pk in piece.values}
    first = [one for one in usable if one.value_id in own]
    common = [one for one in usable if one.value_id is None]
    return first + common or usable


def _axes(values: Sequence[tuple[str, str, int]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for option, name, _pk in values:
        axis = axis_of(option)
        if axis:
            found.setdefault(axis, name[:LONGEST_AXIS])
    return found
