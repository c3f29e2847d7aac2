"""Help pages, found by what people ask."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import get_script_prefix

from shop.lib.parts import kept
from support.models import Article

MOST = 3
# Reading the words of all articles anew costs more than the rest of a search.
ABOUT = """
select place - 1 from unnest(%(words)s::tsvector[]) with ordinality as article(words, place)
where words @@ websearch_to_tsquery('english', %(text)s) order by place limit %(count)s
"""


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """All published articles in their order, with the words of each as PostgreSQL writes them."""

    links: tuple[Link, ...]
    words: tuple[str, ...]


def articles_about(text: str, *, count: int = MOST) -> list[Link]:
    """Published articles with all of these words. One query, and one more when they have changed."""
    shelf = kept(f"articles:{get_script_prefix()}", _read)
    if not shelf.links:
        return []
    values: dict[str, Any] = {"words": list(shelf.words), "text": text, "count": count}
    with connection.cursor() as cursor:
        cursor.execute(ABOUT, values)
        return [shelf.links[place] for (place,) in cursor.fetchall()]


def _read() -> Shelf:
    whole = SearchVector("title", "summary", "body", config="english")
    found = list(Article.objects.published().annotate(words=Cast(whole, TextField())))
    return Shelf(
        links=tuple(Link(one.title, one.get_absolute_url()) for one in found),
        words=tuple(str(vars(one)["words"]) for one in found),
    )
