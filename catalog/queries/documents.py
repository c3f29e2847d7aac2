"""The searchable side of a card: what is indexed, and how much a card is about each word."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, JSONField, Value
from django.db.models.sql.compiler import SQLCompiler

from catalog.queries.ingredients import Ingredients
from catalog.queries.search_language import language
from catalog.queries.search_text import fold, gtins, identifiers, tokens
from shop.lib.html import plain_text

CONFIGS = {"en": "english", "de": "german"}
LONGEST, MOST_WORDS = 20_000, 200
SHORTEST_WORD = 3

# BM25F: a word in the title counts most; words of a text longer than usual count less.
# (letter, weight, usual number of words); HALF is how much of the length counts.
FIELDS = (("A", 3.0, 10), ("B", 1.0, 15), ("C", 0.3, 50), ("D", 0.3, 80))
HALF = 0.5
IMPACTS = """(
    with found as (select lexeme, letter from unnest({document}) as one(lexeme, places, letters),
                   unnest(one.letters) as letter),
    lengths as (select letter, count(*) as length from found group by letter)
    select coalesce(jsonb_object_agg(lexeme, impact), '{{}}') from (
        select lexeme, round(sum(weight / ({rest} + {half} * length / usual))::numeric, 3) as impact
        from found join lengths using (letter)
        join (values {fields}) as field(letter, weight, usual) using (letter)
        group by lexeme
    ) as every
)"""


class Document(Func):
    """A weighted search vector of four texts, most telling first."""

    output_field: Any = SearchVectorField()

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


class Impacts(Document):
    """How much a document is about each of its stems, as JSON: {"mug": 2.4}."""

    output_field = JSONField()

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[str | int, ...]]:  # type: ignore[override]
        document, params = super().as_sql(compiler, connection)
        return impacts_sql(document), params


def impacts_sql(document: str) -> str:
    """The impacts of a search vector, as an expression in SQL."""
    fields = ", ".join(f"('{letter}', {weight}, {usual})" for letter, weight, usual in FIELDS)
    return IMPACTS.format(document=document, rest=1 - HALF, half=HALF, fields=fields)


def config_for(language: str) -> str:
    """The text search configuration of a language; words are left whole in those we don't know."""
    return CONFIGS.get(language.split("-", maxsplit=1)[0], "simple")


def texts(one: Ingredients) -> tuple[str, str, str, str]:
    """What is indexed of a product, by weight from A to D."""
    product = one.product
    numbers = [part for item in one.variants for part in (item.sku, item.mpn)]
    return (
        _searchable([product.title, *numbers]),
        _searchable(_told(one)),
        _searchable([product.care, *_specs(one), *_values(one)]),
        _searchable([plain_text(product.description)])[:LONGEST],
    )


def words(one: Ingredients) -> list[str]:
    """How the product's own words are spelt: what slips of the pen are measured against."""
    parts = [one.product.title, *_told(one), *_values(one)]
    found = dict.fromkeys(word for part in parts for word in tokens(part))
    spelt = [word for word in found if len(word) >= SHORTEST_WORD and not word.isdigit()]
    return sorted(spelt[:MOST_WORDS])


def numbers_of(one: Ingredients) -> list[str]:
    """Everything that names exactly this product: SKUs, barcodes, part numbers."""
    own = [part for item in one.variants for part in (item.sku, item.barcode, item.mpn)]
    mentioned = (code for _name, value in _rows(one) for code in gtins(value))
    return identifiers([*own, *mentioned])


def _told(one: Ingredients) -> list[str]:
    product = one.product
    return [product.subtitle, product.brand, *product.tags, *(s.name for s in one.shelves)]


def _specs(one: Ingredients) -> list[str]:
    return [f"{name} {value}" for name, value in _rows(one)]


def _rows(one: Ingredients) -> list[tuple[str, str]]:
    """The rows of the specification that have a name and a value."""
    return one.specs


def _values(one: Ingredients) -> list[str]:
    return sorted(
        {f"{value.option} {value.name}" for item in one.variants for value in item.values}
    )


def _searchable(parts: Iterable[str]) -> str:
    """Words apart by spaces, then each measure joined ("320ml") and under its one name."""
    text = " ".join(parts)
    measures = list(language().measures(fold(text)))
    joined = (word for one in measures for word in ("".join(one.words), one.name))
    return " ".join([*tokens(text), *dict.fromkeys(joined)])
