"""Cards: one prepared row per product and market, so that lists join and count nothing."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from catalog.models import Card, Market
from catalog.queries.documents import (
    Document,
    Impacts,
    config_for,
    numbers_of,
    texts,
    words,
)
from catalog.queries.ingredients import Ingredients, Offered, ancestry, gather
from catalog.queries.pictures import picture_of
from catalog.queries.safety import may_be_sold
from catalog.queries.shown import Side, Sides, sides
from catalog.services import facets, search_words
from shop.lib.batches import in_batches

BATCH = 500
MOST_SWATCHES, MOST_IN_NOTE = 6, 4
KEY = ("product_id", "market_id")
NOT_COPIED = {"id", "product", "market"}
COLUMNS = [field.name for field in Card._meta.concrete_fields if field.name not in NOT_COPIED]  # noqa: SLF001 — Django's public Meta API

Stock = Mapping[int, tuple[int, int]]


def build(*, products: Iterable[int], availability: Stock, now: dt.datetime) -> set[int]:
    """Write the cards of these products, and remove those of what is not on sale (any more).

    products: ids. availability: units that can be promised and the count called low, by variant id.
    Returns the ids of the products whose cards are different now.
    """
    changed: set[int] = set()
    markets = list(Market.objects.in_order())
    for ids in in_batches(sorted(set(products)), BATCH):
        changed |= _build(ids, markets, availability, now)
    return changed


def _build(ids: Sequence[int], markets: list[Market], stock: Stock, now: dt.datetime) -> set[int]:
    on_sale = gather(ids, now=now)
    shown = sides(markets, now=now)
    cards = [
        card for one in on_sale for market in markets if (card := _card(one, market, stock, shown))
    ]
    known = {
        row[:2]: row[2:]
        for row in Card.objects.filter(product__in=ids).values_list(*KEY, "digest", "pk")
    }
    fresh = [card for card in cards if known.get(_key(card), ("",))[0] != card.digest]
    gone = known.keys() - {_key(card) for card in cards}
    facets.learn(on_sale)
    Card.objects.bulk_create(
        fresh,
        batch_size=250,
        update_conflicts=True,
        unique_fields=["product", "market"],
        update_fields=COLUMNS,
    )
    search_words.learn(product_ids={card.product_id for card in fresh}, markets=markets)
    if gone:
        Card.objects.filter(pk__in=[known[key][1] for key in gone]).delete()
    return {card.product_id for card in fresh} | {product_id for product_id, _ in gone}


def _key(card: Card) -> tuple[int, int]:
    return card.product_id, card.market_id


def _card(one: Ingredients, market: Market, stock: Stock, shown_as: Sides) -> Card | None:
    """The card of a product in a market, or None where it has no price or may not be sold."""
    sold = [variant for variant in one.variants if market.pk in variant.prices]
    if not sold or not may_be_sold(one.product, market):
        return None
    columns = {
        **_facts(one),
        **_prices(sold, market, shown_as.of(market, one.product.type.tax_class_id)),
        **_stock(sold, stock),
        **_choices(one, sold),
    }
    documents = texts(one)
    shown = [_shown_stock(variant, stock) for variant in sold]
    digest = _digest([columns, documents, shown, market.language])
    config = config_for(market.language)
    search, impacts = Document(config, documents), Impacts(config, documents)
    return Card(market=market, search=search, impacts=impacts, digest=digest, **columns)


def _facts(one: Ingredients) -> dict[str, Any]:
    product = one.product
    return {
        "product_id": product.pk,
        "slug": product.slug,
        "title": product.title,
        "image": picture_of(one.image, alt=product.title).as_json() if one.image else None,
        "rating_avg": one.rating_avg,
        "rating_count": one.rating_count,
        "popularity": product.popularity,
        "published_at": product.published_at,
        "categories": ancestry(product.category.url_path) if product.category else [],
    }


def _prices(sold: list[Offered], market: Market, side: Side) -> dict[str, Any]:
    """On the side that the market shows."""
    prices = sorted((item.prices[market.pk] for item in sold), key=lambda price: price.amount)
    return {
        "price_from": side.of(prices[0].amount),
        "price_to": side.of(prices[-1].amount),
        "compare_at": side.of_any(prices[0].was),
        "lowest_30": side.of_any(prices[0].lowest_30),
    }


def _stock(sold: list[Offered], stock: Stock) -> dict[str, Any]:
    left = [(free, low) for free, low in (stock.get(item.pk, (0, 0)) for item in sold) if free > 0]
    return {"in_stock": bool(left), "is_low": bool(left) and all(n <= low for n, low in left)}


def _shown_stock(variant: Offered, stock: Stock) -> int | None:
    """The count a page tells of a variant: only when it is low."""
    free, low = stock.get(variant.pk, (0, 0))
    return free if free <= low else None


def _choices(one: Ingredients, sold: list[Offered]) -> dict[str, Any]:
    values = sorted(
        {value for item in sold for value in item.values}, key=lambda v: (v.place, v.option, v.name)
    )
    tiled = next((value.option for value in values if value.tile), "")
    swatches = [value for value in values if value.tile and value.option == tiled]
    plain = next((value.option for value in values if value.option != tiled), "")
    others = [value.name for value in values if value.option == plain]
    return {
        "swatches": [{"name": v.name, "tile": v.tile} for v in swatches[:MOST_SWATCHES]],
        "note": ", ".join(others)[:120] if 1 < len(others) <= MOST_IN_NOTE else "",
        "facets": facets.tokens(one, sold),
        "collections": one.collections,
        "skus": sorted(item.sku.upper() for item in sold),
        "identifiers": numbers_of(one),
        "words": words(one),
    }


def _digest(parts: list[Any]) -> str:
    text = json.dumps(parts, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
