"""Goods that are more than a piece on a shelf: bundles, files, keys, pieces with extras."""

from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from catalog.models import DigitalFile, Extra, ExtraPrice
from catalog.services import bundles
from inventory.services import keys
from tests.factories.catalog import (
    MarketFactory,
    ProductFactory,
    ProductTypeFactory,
    VariantFactory,
)


def bundle_of(parts, **fields):
    """A bundle of {variant: units}, without stock of its own."""
    bundle = VariantFactory(**{"grams": 0, "price": Decimal("50.00"), **fields})
    bundles.put_together(bundle=bundle, parts={part.pk: units for part, units in parts.items()})
    return bundle


def online_variant(**fields):
    """A variant that is not sent in a parcel."""
    kind = ProductTypeFactory(code="digital", name="Digital", is_shipped=False)
    return VariantFactory(product=ProductFactory(type=kind), **fields)


def file_variant(content=b"%PDF-1.7 a pattern", *, days=30, downloads=5, **fields):
    """A variant that is a file."""
    variant = online_variant(**fields)
    DigitalFile.objects.create(
        variant=variant,
        name="Bowl pattern",
        days=days,
        downloads=downloads,
        file=ContentFile(content, "pattern.pdf"),
    )
    return variant


def key_variant(*codes, **fields):
    """A variant of which every unit takes a key."""
    variant = online_variant(uses_keys=True, **fields)
    if codes:
        keys.add(variant=variant, codes=codes, now=timezone.now())
    return variant


def extra_of(variant, name="Engraving", *, kind=Extra.Kind.TEXT, amount="5.00", **fields):
    """Something shoppers may add to the variant's product; amount None: free."""
    extra = Extra.objects.create(product=variant.product, name=name, kind=kind, **fields)
    if amount is not None:
        ExtraPrice.objects.create(extra=extra, market=MarketFactory(), amount=Decimal(amount))
    return extra
