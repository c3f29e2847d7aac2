"""What the steps of saving share: the rows, what is known already, and what came of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from catalog.models import Category, Market, Product, Variant
from catalog.services.imports.rows import Notes, ProductRow, VariantRow
from shop.lib.text import clean, clean_html


class Outcome(IntEnum):
    """What became of a product; the higher one stands when a file names it twice."""

    SKIPPED = 0
    UPDATED = 1
    CREATED = 2


@dataclass(frozen=True, slots=True)
class Target:
    """Where the rows go. `source` is empty for the shop's own format, which goes by slug."""

    source: str
    market: Market
    category: Category | None
    now: dt.datetime


@dataclass
class Batch:
    """A few hundred products on their way into the catalogue.

    `products` and `variants` fill up as the steps go on; keys are refs and line numbers.
    """

    rows: list[ProductRow]
    target: Target
    notes: Notes = field(default_factory=Notes)
    products: dict[str, Product] = field(default_factory=dict)
    variants: dict[int, Variant] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    new_images: list[int] = field(default_factory=list)
    variant_count: int = 0
    image_count: int = 0

    def touched(self, ref: str) -> None:
        self.outcomes[ref] = max(self.outcomes.get(ref, Outcome.SKIPPED), Outcome.UPDATED)

    def product_of(self, row: ProductRow) -> Product:
        return self.products[row.ref]

    def sold(self) -> Iterable[tuple[ProductRow, VariantRow, Variant]]:
        """The rows that became variants, with them."""
        for row in self.rows:
            for line in row.variants:
                if line.line in self.variants:
                    yield row, line, self.variants[line.line]

    def changed_products(self) -> set[int]:
        return {
            self.products[ref].pk
            for ref, outcome in self.outcomes.items()
            if outcome > Outcome.SKIPPED
        }


def differs(current: Any, new: Any) -> bool:
    """Whether a value is news. A text kept uncleaned is the same text."""
    if current == new or not current:
        return bool(current != new)
    if isinstance(current, str) and isinstance(new, str):
        return clean(current) != new and clean_html(current) != new
    return True


def assign(thing: object, fields: dict[str, Any]) -> set[str]:
    """Set what differs; returns the names of what was set."""
    news = {name for name, value in fields.items() if differs(getattr(thing, name), value)}
    for name in news:
        setattr(thing, name, fields[name])
    return news
