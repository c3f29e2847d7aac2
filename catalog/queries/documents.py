"""The searchable side of a card: what is indexed, and how words are compared."""

import re
from collections.abc import Iterable
from typing import Any

from anyascii import anyascii
from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, Value
from django.db.models.sql.compiler import SQLCompiler

from catalog.queries.ingredients import Ingredients
from shop.lib.html import plain_text

CONFIGS = {"en": "english", "de": "german"}
MEASURE = re.compile(r"(\d+(?:[.,]\d+)?)\s?(ml|cl|l|g|kg|mm|cm|m|in|oz)\b", re.IGNORECASE)
LONGEST = 20_000


class Document(Func):
    """A weighted search vector of four texts, most telling first."""

    output_field = SearchVectorField()

    def __init__(self, config: str, texts: tuple[str, str, str, str]) -> None:
        super().__init__(*(Value(text) for text in texts))
        self.config = config

    def as_sql(  # type: ignore[override]
        self,
        compiler: SQLCompiler,
        connection: Any,  # noqa: ARG002 — Django's signature
    ) -> tuple[str, tuple[str | int, ...]]:
        parts: list[str] = []
        params: list[str | int] = []
        for weight, text in zip("ABCD", self.get_source_expressions(), strict=True):
            sql, values = compiler.compile(text)
            parts.append(f"setweight(to_tsvector('{self.config}', {sql}), '{weight}')")
            params += values
        return " || ".join(parts), tuple(params)


def config_for(language: str) -> str:
    """The text search configuration of a language; words are left whole in those we don't know."""
    return CONFIGS.get(language.split("-", maxsplit=1)[0], "simple")


def fold(text: str) -> str:
    """Plain letters only, on both sides of a search: accents and scripts never part two words."""
    return anyascii(text).lower()


def texts(one: Ingredients) -> tuple[str, str, str, str]:
    """What is indexed of a product, by weight from A to D."""
    product = one.product
    values = {f"{value.option} {value.name}" for item in one.variants for value in item.values}
    specs = (" ".join(str(cell) for cell in row) for row in product.specs)
    return (
        _folded([product.title, *(item.sku for item in one.variants)]),
        _folded([product.subtitle, product.brand, *product.tags, *(s.name for s in one.shelves)]),
        _folded([product.care, *specs, *sorted(values)]),
        _folded([plain_text(product.description)])[:LONGEST],
    )


def _folded(parts: Iterable[str]) -> str:
    text = fold(" ".join(parts))
    # "320 ml" is also found as "320ml", and the other way round.
    other = " ".join(f"{n}{unit} {n} {unit}" for n, unit in MEASURE.findall(text))
    return f"{text} {other}".strip()
