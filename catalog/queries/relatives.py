"""The rows that many products share: shelf, type, and who answers for their safety."""

from collections.abc import Mapping
from typing import Any

from catalog.models import Category, Product, ProductType, SafetyParty
from shop.lib import rulebook

NAMES = ("category", "type", "manufacturer", "responsible")


def introduce(product: Product) -> Product:
    """Let a product know its relatives, which are kept. They are shared: nobody may change them."""
    there = rulebook.kept("relatives", _read)
    for name in NAMES:
        found = there[name].get(getattr(product, f"{name}_id"))
        if found is not None:
            setattr(product, name, found)
    return product


def _read() -> Mapping[str, Mapping[Any, Any]]:
    parties = SafetyParty.objects.in_bulk()
    shelves, types = Category.objects.in_bulk(), ProductType.objects.in_bulk()
    return dict(zip(NAMES, (shelves, types, parties, parties), strict=True))
