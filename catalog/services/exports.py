"""Products as lines of the shop's own file format; `catalog.services.imports.plain` reads it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from catalog.models import Category, Image, Market, Product, Variant
from catalog.services.imports.pictures import address_of
from catalog.services.imports.reading import OPTION_NAMES, OPTION_VALUES
from catalog.services.imports.rows import MAX_OPTIONS
from shop.lib.csvfiles import guard


def lines(
    product: Product,
    *,
    market: Market,
    shelves: Mapping[int, str],
    on_hand: Mapping[int, int],
) -> Iterator[dict[str, str]]:
    """The lines of a product whose options, variants and pictures are loaded.

    `shelves`: category id to its names from the root; `on_hand`: variant id to units.
    """
    head = _head_cells(product, shelves)
    variants: list[Variant | None] = [
        *sorted(product.variants.all(), key=lambda variant: (variant.position, variant.pk))
    ]
    pictures = sorted(product.images.all(), key=lambda image: (image.position, image.pk))
    for variant, image in zip_longest(variants or [None], pictures):
        written = {"slug": product.slug, **head}
        if variant is not None:
            written |= _variant_cells(variant, product, market, on_hand)
        if image is not None:
            written |= _picture_cells(image)
        yield {name: guard(cell) for name, cell in written.items()}
        head = {}


def _head_cells(product: Product, shelves: Mapping[int, str]) -> dict[str, str]:
    moment = product.published_at
    return {
        "title": product.title,
        "subtitle": product.subtitle,
        "type": product.type.name,
        "shipped": "yes" if product.type.is_shipped else "no",
        "tax": product.type.tax_class.code,
        "category": shelves.get(product.category_id or 0, ""),
        "brand": product.brand,
        "description": product.description,
        "specification": json.dumps(product.specs, ensure_ascii=False) if product.specs else "",
        "care": product.care,
        "tags": ", ".join(tag.replace(",", "\\,") for tag in product.tags),
        "status": product.status,
        "on sale from": moment.isoformat() if moment else "",
        "seo title": product.meta_title,
        "seo description": product.meta_description,
    }


def _variant_cells(
    variant: Variant, product: Product, market: Market, on_hand: Mapping[int, int]
) -> dict[str, str]:
    price = next((one for one in variant.prices.all() if one.market_id == market.pk), None)
    chosen = {value.option_id: value.name for value in variant.values.all()}
    options = sorted(product.options.all(), key=lambda option: (option.position, option.pk))
    written: dict[str, str] = {}
    for index, option in enumerate(options[:MAX_OPTIONS]):
        written[OPTION_NAMES[index]] = option.name if option.pk in chosen else ""
        written[OPTION_VALUES[index]] = chosen.get(option.pk, "")
    return written | {
        "sku": variant.sku,
        "barcode": variant.barcode,
        "price": _number(price and price.amount),
        "was": _number(price and price.compare_at),
        "cost": _number(variant.cost),
        "quantity": str(on_hand[variant.pk]) if variant.pk in on_hand else "",
        "grams": str(variant.grams),
        "origin": variant.origin,
        "customs code": variant.hs_code,
        "most per order": str(variant.max_quantity),
        "for sale": "yes" if variant.is_active else "no",
    }


def _number(number: object) -> str:
    return "" if number is None else f"{number:f}"


def _picture_cells(image: Image) -> dict[str, str]:
    return {
        "picture": address_of(image),
        "picture text": image.alt,
        "picture position": str(image.position),
        "picture shows": image.value.name if image.value else "",
    }


def shelf_names(categories: Iterable[Category]) -> dict[int, str]:
    """Each category's names from the root down, joined by " > "; in tree order."""
    by_path: dict[str, str] = {}
    named = {}
    for category in categories:
        above = by_path.get(category.path[: -category.steplen], "")
        name = f"{above} > {category.name}" if above else category.name
        by_path[category.path] = named[category.pk] = name
    return named
