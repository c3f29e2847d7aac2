"""Finding products by what people type."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import urlencode

from django.contrib.postgres.search import (
    CombinedSearchQuery,
    SearchQuery,
    SearchRank,
    TrigramWordSimilarity,
)
from django.db import connection, transaction
from django.db.models import Count, F, QuerySet
from django.db.models.functions import Upper
from django.urls import reverse

from catalog.models import Card, Category, Market
from catalog.queries.documents import config_for, fold
from shop.lib.text import clean

LONGEST = 200
BEST_MATCH = ("-in_stock", "-rank", "-popularity", "pk")
# pg_trgm's own 0.6 misses one wrong letter in a word of six.
ALIKE, CLOSE = 0.35, 0.65
WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Scope:
    """A shelf and how much of a search lies on it."""

    name: str
    url: str
    count: int
    is_current: bool


def cleaned(text: str) -> str:
    """What was typed, without what no search needs."""
    return " ".join(clean(text[:LONGEST]).split())


def matching(text: str, market: Market) -> "QuerySet[Card]":
    """Cards that match, with their `rank`: all words in any order, the last may be unfinished."""
    query = _query(text, market)
    return (
        Card.objects.in_market(market)
        .filter(search=query)
        .annotate(rank=SearchRank(F("search"), query))
    )


def product_with_sku(text: str, market: Market) -> str | None:
    """Slug of the product that has a variant of exactly this SKU, in any case."""
    cards = Card.objects.in_market(market).filter(skus__contains=[text.upper()])
    return cards.values_list("slug", flat=True).first()


def scopes(
    found: "QuerySet[Card]", shelves: list[Category], *, text: str, current: str
) -> list[Scope]:
    """The main shelves on which something was found. One query."""
    rows = found.order_by().values("categories__0").annotate(number=Count("pk"))
    counts = dict(rows.values_list("categories__0", "number"))
    return [
        Scope(
            name=shelf.name,
            url=search_url(q=text, category=shelf.url_path),
            count=counts[shelf.url_path],
            is_current=shelf.url_path == current,
        )
        for shelf in shelves
        if counts.get(shelf.url_path)
    ]


def suggestion(text: str, market: Market) -> str:
    """The same words spelt as our titles spell them, when that is something else; else empty."""
    words = fold(text).split()
    spelt = [word for title in _titles_like(text, market) for word in WORD.findall(fold(title))]
    found = [next(iter(get_close_matches(word, spelt, n=1, cutoff=CLOSE)), word) for word in words]
    return "" if found == words else " ".join(found)


def shelves_named(text: str, *, count: int = 3) -> list[Category]:
    return list(Category.objects.filter(name__icontains=text).order_by("depth", "path")[:count])


def search_url(**params: str) -> str:
    return f"{reverse('catalog:search')}?{urlencode(params)}"


def _query(text: str, market: Market) -> SearchQuery | CombinedSearchQuery:
    config, plain = config_for(market.language), fold(text)
    whole = SearchQuery(plain, config=config, search_type="websearch")
    words = WORD.findall(plain)
    if len(plain) < 2 or not words or not plain.endswith(words[-1]):
        return whole
    begun = SearchQuery(f"{words[-1]}:*", config=config, search_type="raw")
    before = plain.removesuffix(words[-1]).strip()
    if before:
        begun = SearchQuery(before, config=config, search_type="websearch") & begun
    return whole | begun


def _titles_like(text: str, market: Market) -> list[str]:
    loud = fold(text).upper()
    likeness = TrigramWordSimilarity(loud, Upper("title"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)]
        )
        titles = (
            Card.objects.in_market(market)
            .alias(loud_title=Upper("title"))
            .filter(loud_title__trigram_word_similar=loud)
            .order_by(likeness.desc(), "pk")
            .values_list("title", flat=True)
        )
        return list(titles[:8])
