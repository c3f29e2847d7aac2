"""What feeds are made from, read for a few hundred products at once: a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db.models import Max

from catalog.models import Category, Image, Market, Price, PriceHistory, Product, Variant
from catalog.queries.ingredients import ancestry
from catalog.queries.price_history import prior_prices
from inventory.queries import Availability, availability

CHUNK = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A variant and everything around it. values: (option, value, value id) in option order."""

    variant: Variant
    product: Product
    price: Price | None
    is_sold_here: bool
    prior: Decimal | None
    since: dt.datetime | None
    values: Sequence[tuple[str, str, int]]
    images: Sequence[Image]
    shelves: Sequence[str]
    stock: Availability


def pieces(market: Market, *, now: dt.datetime) -> Iterator[Piece]:
    """Every variant for sale of every product on sale, in the order of the products' ids."""
    last = 0
    while products := _products(last, now):
        yield from _chunk(products, market)
        last = products[-1].pk


def _products(after: int, now: dt.datetime) -> list[Product]:
    rows = Product.objects.on_sale(now=now).filter(pk__gt=after).order_by("pk")
    return list(rows.select_related("category", "type", "manufacturer", "responsible")[:CHUNK])


def _chunk(products: list[Product], market: Market) -> Iterator[Piece]:
    by_id = {one.pk: one for one in products}
    rows = Variant.objects.filter(product__in=by_id, is_active=True)
    variants = list(rows.order_by("product_id", "position", "pk"))
    ids = [one.pk for one in variants]
    rows_of_prices = Price.objects.filter(variant__in=ids, market=market).select_related("sale")
    prices = {one.variant_id: one for one in rows_of_prices}
    reduced = {(pk, market.pk): one.reduced_at for pk, one in prices.items()}
    sold = {one.product_id for one in variants if one.pk in prices}
    prior, since, values = prior_prices(ids, since=reduced), _since(ids, market), _values(ids)
    images, shelves, stock = _images(list(by_id)), _shelves(products), availability(ids)
    for variant in variants:
        product = by_id[variant.product_id]
        yield Piece(
            variant=variant,
            product=product,
            price=prices.get(variant.pk),
            is_sold_here=product.pk in sold,
            prior=prior.get((variant.pk, market.pk)),
            since=since.get(variant.pk),
            values=values.get(variant.pk, ()),
            images=images.get(product.pk, ()),
            shelves=shelves.get(product.category_id or 0, ()),
            stock=stock[variant.pk],
        )


def _since(variant_ids: Sequence[int], market: Market) -> dict[int, dt.datetime]:
    """From when each variant costs what it costs."""
    rows = PriceHistory.objects.filter(variant__in=variant_ids, market=market)
    return dict(rows.values("variant_id").annotate(at=Max("at")).values_list("variant_id", "at"))


def _values(variant_ids: Sequence[int]) -> Mapping[int, Sequence[tuple[str, str, int]]]:
    rows = (
        Variant.values.through.objects.filter(variant__in=variant_ids)
        .order_by("variant_id", "optionvalue__option__position", "optionvalue__option_id")
        .values_list(
            "variant_id", "optionvalue__option__name", "optionvalue__name", "optionvalue_id"
        )
    )
    return {
        variant_id: [(option, name, pk) for _variant, option, name, pk in found]
        for variant_id, found in groupby(rows, key=lambda row: row[0])
    }


def _images(product_ids: Sequence[int]) -> Mapping[int, Sequence[Image]]:
    rows = Image.objects.filter(product__in=product_ids).exclude(file="")
    found: dict[int, list[Image]] = defaultdict(list)
    for image in rows.order_by("product_id", "position", "pk"):
        found[image.product_id].append(image)
    return found


def _shelves(products: Sequence[Product]) -> Mapping[int, Sequence[str]]:
    """The names of a category and those above it, from the root down, by category id."""
    here = {one.category.pk: one.category.url_path for one in products if one.category}
    wanted = {path for url_path in here.values() for path in ancestry(url_path)}
    names = dict(Category.objects.filter(url_path__in=wanted).values_list("url_path", "name"))
    return {
        pk: [names[path] for path in ancestry(url_path) if path in names]
        for pk, url_path in here.items()
    }
