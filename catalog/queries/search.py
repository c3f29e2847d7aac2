"""Finding products by what people type."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from urllib.parse import urlencode

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    F,
    Func,
    IntegerField,
    QuerySet,
    Value,
)
from django.urls import get_script_prefix

from catalog.models import Card, Category, Market, Variant
from catalog.queries import search_ranking, shelves
from catalog.queries.page import NavLink
from catalog.queries.search_ranking import MOST, Ranked
from catalog.queries.search_terms import Terms, understand
from catalog.queries.search_text import squeezed
from catalog.queries.shelves import Crumb
from shop.lib.addresses import address_of
from shop.lib.parts import kept
from shop.lib.text import clean

LONGEST = 200
# "rank" is an alias of these cards alone.
BEST_MATCH = ("rank",)


@dataclass(frozen=True, slots=True)
class Scope:
    """A shelf and how much of a search lies on it."""

    name: str
    url: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class Found:
    """What a search came to, best first."""

    terms: Terms
    ranked: Ranked

    @property
    def ids(self) -> tuple[int, ...]:
        """Of cards."""
        return self.ranked.ids

    @cached_property
    def cards(self) -> "QuerySet[Card]":
        """The cards, each with its place as `rank` to order by."""
        ids = Value(list(self.ids), output_field=ArrayField(BigIntegerField()))
        place = Func(ids, F("pk"), function="array_position", output_field=IntegerField())
        return Card.objects.filter(Among(F("pk"), ids)).alias(rank=place)

    @property
    def has_near_ones(self) -> bool:
        """Whether some of the cards lack a word."""
        return self.ranked.whole < len(self.ids)

    @property
    def whole(self) -> int:
        """How many of the cards have every word."""
        return self.ranked.whole

    @property
    def is_cut(self) -> bool:
        """Whether only the best of very many are listed."""
        return len(self.ids) >= MOST

    @property
    def slug(self) -> str:
        """Of the one product that has exactly this number; empty when it may well be a word."""
        slugs = self.ranked.slugs
        is_number = any(letter.isdigit() for letter in self.terms.identifier)
        is_meant = len(slugs) == 1 and (is_number or len(self.ids) == 1)
        return slugs[0] if is_meant else ""


class Among(Func):
    """Whether a number is in an array: one parameter, however many numbers."""

    template, arg_joiner = "%(expressions)s)", " = any("
    output_field = BooleanField()


def cleaned(text: str) -> str:
    """What was typed, without what no search needs."""
    return " ".join(clean(text[:LONGEST]).split())


def find(text: str, market: Market, *, exact: bool = False, is_typing: bool = False) -> Found:
    """Search for a cleaned text. At most three queries, and two more once in a few seconds.

    exact: words that nobody knows are not put right; is_typing: the last word may be
    unfinished, and only the first few cards matter.
    """
    terms = understand(text, market, exact=exact, is_typing=is_typing)
    return Found(terms, search_ranking.rank(terms, market, few=is_typing))


def sku_with_number(slug: str, number: str) -> str:
    """SKU of the one variant of a product that has this SKU, barcode or part number; else empty."""
    wanted = squeezed(number)
    rows = Variant.objects.filter(product__slug=slug).values_list("sku", "barcode", "mpn")
    skus = [row[0] for row in rows if wanted in {squeezed(part) for part in row}]
    return skus[0].upper() if len(skus) == 1 else ""


def scopes(found: Found, main: Sequence[NavLink], *, text: str, current: str) -> list[Scope]:
    """The main shelves on which something was found."""
    counts = Counter(filter(None, found.ranked.shelves))
    by_url = {address_of("catalog:category", path): path for path in counts}
    return [
        Scope(shelf.name, search_url(q=text, category=path), counts[path], path == current)
        for shelf in main
        if (path := by_url.get(shelf.url))
    ]


def shelves_named(text: str, *, count: int = 3) -> list[Crumb]:
    """The first shelves with this in their name, from the top of the tree."""
    wanted = text.upper()
    known = kept(f"shelf-names:{get_script_prefix()}", _shelf_names)
    return list(islice((one for one in known if wanted in one[0].upper()), count))


def _shelf_names() -> list[Crumb]:
    return list(shelves.links(list(Category.objects.order_by("depth", "path"))))


def search_url(**params: str) -> str:
    return f"{address_of('catalog:search')}?{urlencode(params)}"
