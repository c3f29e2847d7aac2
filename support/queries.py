"""Help pages, found by what people ask."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVector
from django.db.models import Func, TextField
from django.urls import get_script_prefix

from catalog.queries.search_text import fold
from shop.lib.parts import kept
from support.models import Article

MOST = 3


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """All published articles. stems, masks: each stem, in order, and those that have it, the n-th as bit n."""

    links: tuple[Link, ...]
    stems: tuple[str, ...]
    masks: tuple[int, ...]

    def among(self, stems: Iterable[str]) -> Iterable[int]:
        """Articles with each of these stems, as masks."""
        return map(self._mask, stems)

    def _mask(self, stem: str) -> int:
        place = bisect_left(self.stems, stem)
        is_known = place < len(self.stems) and self.stems[place] == stem
        return self.masks[place] if is_known else 0


def articles_about(
    stems: Iterable[str], *, without: Iterable[str] = (), config: str, count: int = MOST
) -> list[Link]:
    """Published articles with all of these stems. One query when articles have changed.

    config: the text search configuration that the stems are of; articles are read by it, too.
    """
    wanted = list(stems)
    if not wanted:
        return []
    shelf = kept(f"articles-by-stem:{config}:{get_script_prefix()}", lambda: _read(config))
    found = (1 << len(shelf.links)) - 1
    for mask in shelf.among(wanted):
        found &= mask
    for mask in shelf.among(without):
        found &= ~mask
    return [link for place, link in enumerate(shelf.links) if found >> place & 1][:count]


def _read(config: str) -> Shelf:
    # Reading the words of all articles anew costs more than the rest of a search.
    whole = SearchVector("title", "summary", "body", config=config)
    words = Func(whole, function="tsvector_to_array", output_field=ArrayField(TextField()))
    found = list(Article.objects.published().annotate(words=words))
    masks: dict[str, int] = {}
    for place, one in enumerate(found):
        for word in map(fold, vars(one)["words"]):
            masks[word] = masks.get(word, 0) | 1 << place
    links = tuple(Link(one.title, one.get_absolute_url()) for one in found)
    stems = tuple(sorted(masks))
    return Shelf(links, stems, tuple(masks[stem] for stem in stems))
