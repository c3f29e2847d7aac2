"""A product made after another: all that was typed, nothing that happened."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from catalog.models import (
    AttributeValue,
    BundlePart,
    DigitalFile,
    Extra,
    ExtraPrice,
    Image,
    Option,
    OptionValue,
    Price,
    Product,
    Variant,
)
from catalog.services import skus

M = TypeVar("M", bound=models.Model)
LONGEST_TITLE, LONGEST_SLUG = 200, 120

ValueMap = Mapping[int, OptionValue]


@transaction.atomic
def duplicate(*, product: Product) -> Product:
    """Make a draft after a product: options, variants, prices, answers, pictures, extras.

    The variants get SKUs of their own, no barcode and no stock. Pictures share their files, which
    the shop never deletes.
    """
    twin = _product(product)
    values = _options(product, twin)
    _variants(product, twin, values)
    for answer in AttributeValue.objects.filter(product=product):
        _again(answer, product=twin)
    for image in Image.objects.filter(product=product).order_by("position", "pk"):
        _again(image, product=twin, value=values.get(image.value_id or 0))
    for extra in Extra.objects.filter(product=product):
        _with_prices(extra, twin)
    return twin


def _product(product: Product) -> Product:
    title = _("%(title)s (copy)") % {"title": product.title[: LONGEST_TITLE - 20]}
    twin = _again(
        product,
        title=title,
        slug=_free_slug(product.slug),
        status=Product.Status.DRAFT,
        published_at=None,
        unpublished_at=None,
        popularity=0,
        source="",
        source_ref="",
    )
    twin.goes_with.set(product.goes_with.all())
    return twin


def _free_slug(slug: str) -> str:
    stem = f"{slug[: LONGEST_SLUG - 10]}-copy"
    found, number = stem, 1
    while Product.objects.filter(slug=found).exists():
        number += 1
        found = f"{stem}-{number}"
    return found


def _options(product: Product, twin: Product) -> ValueMap:
    """The copied values by the ids of those they were copied from."""
    values: dict[int, OptionValue] = {}
    for option in Option.objects.filter(product=product).order_by("position", "pk"):
        known = list(option.values.order_by("position", "pk"))
        copied = _again(option, product=twin)
        values |= {value.pk: _again(value, option=copied) for value in known}
    return values


def _variants(product: Product, twin: Product, values: ValueMap) -> None:
    rows = Variant.objects.filter(product=product).order_by("position", "pk")
    for number, variant in enumerate(rows.prefetch_related("values__option"), 1):
        chosen = [values[value.pk] for value in variant.values.all() if value.pk in values]
        ordered = sorted(chosen, key=lambda value: (value.option.position, value.option_id))
        sku = skus.free_sku(twin, ordered, number=number)
        children = [
            *Price.objects.filter(variant=variant),
            *DigitalFile.objects.filter(variant=variant),
        ]
        parts = list(BundlePart.objects.filter(bundle=variant))
        copied = _again(variant, product=twin, sku=sku, barcode="")
        copied.values.set(chosen)
        for child in children:
            _again(child, variant=copied)
        for part in parts:
            _again(part, bundle=copied)


def _with_prices(extra: Extra, twin: Product) -> None:
    prices = list(ExtraPrice.objects.filter(extra=extra))
    copied = _again(extra, product=twin)
    for price in prices:
        _again(price, extra=copied)


def _again(row: M, **changes: Any) -> M:
    """Write a row once more, with some of its columns changed."""
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields  # noqa: SLF001 — Django's public Meta API
        if not field.primary_key
    }
    copied = type(row)(**kept)
    for name, value in changes.items():
        setattr(copied, name, value)
    copied.save(force_insert=True)
    return copied
