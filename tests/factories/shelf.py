"""Products as shoppers meet them: with options, stock, and a card in every list."""

import datetime as dt
from decimal import Decimal
from itertools import product as combinations

from django.utils import timezone

from catalog.models import Facet, Option, OptionValue, Review
from shop.processes import browsing
from support.models import Article
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.stock import in_stock


def product_with(options=None, *, price="22.00", units=10, tiles=(), **fields):
    """A product on sale with a variant for every combination of its option values.

    options: {"Glaze": ["Ash", "Moss"]}; tiles: options whose values have a swatch.
    """
    product = ProductFactory(**fields)
    names = options or {}
    for place, (name, values) in enumerate(names.items()):
        option = Option.objects.create(product=product, name=name, position=place)
        for inner, value in enumerate(values):
            tile = value.lower() if name in tiles else ""
            OptionValue.objects.create(option=option, name=value, position=inner, tile=tile)
    for place, chosen in enumerate(combinations(*names.values())):
        _variant(product, chosen, place, price=price, units=units)
    return product


def _variant(product, chosen, place, *, price, units):
    words = [product.slug, *chosen]
    variant = VariantFactory(
        product=product,
        sku="-".join(words).upper().replace(" ", ""),
        label=", ".join(chosen),
        position=place,
        price=Decimal(price),
    )
    variant.values.set(OptionValue.objects.filter(option__product=product, name__in=chosen))
    if units:
        in_stock(units, variant=variant)
    return variant


def shelve(now=None):
    """Write the cards of all products, as the worker does."""
    browsing.refresh_cards(product_ids=None, now=now or timezone.now())


def review_of(product, stars=5, **fields):
    defaults = {
        "author": "Bob",
        "text": "Keeps the coffee warm.",
        "status": Review.Status.PUBLISHED,
        "written_at": dt.datetime(2026, 10, 2, tzinfo=dt.UTC),
    }
    return Review.objects.create(product=product, stars=stars, **{**defaults, **fields})


def article(title="Delivery", **fields):
    defaults = {"slug": title.lower().replace(" ", "-"), "body": "It takes **two** days."}
    return Article.objects.create(title=title, **{**defaults, **fields})


def known_facets():
    return set(Facet.objects.values_list("token", flat=True))
