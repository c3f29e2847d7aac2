"""The rows that many products share: shelf, type, and who answers for their safety."""

from collections.abc import Mapping
from typing import Any

from catalog.models import Category, Product, ProductType, SafetyParty
from shop.lib import rulebook


def introduce(product: Product) -> Product:
    """Let a product know its relatives, which are kept. They are shared: nobody may change them."""
    for name, rows in rulebook.kept("relatives", _read).items():
        found = rows.get(getattr(product, f"{name}_id"))
        if found is not None:
            product._state.fields_cache[name] = found  # noqa: SLF001 - as if it had been joined
    return product


def _read() -> Mapping[str, Mapping[Any, Any]]:
    parties = SafetyParty.objects.in_bulk()
    return {
        "category": Category.objects.in_bulk(),
        "type": ProductType.objects.in_bulk(),
        "manufacturer": parties,
        "responsible": parties,
    }
