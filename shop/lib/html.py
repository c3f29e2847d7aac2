"""HTML that may be shown as it is."""

from functools import lru_cache
from html import unescape

from django.utils.html import strip_tags

from shop.lib.text import clean, clean_html, markdown


class CleanHtml(str):
    """HTML without anything that acts. Made here only; templates write it out unescaped."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def cleaned(html: str) -> CleanHtml:
    return CleanHtml(clean_html(html))


@lru_cache(maxsize=512)
def read(html: str) -> tuple[CleanHtml, str]:
    """Cleaned, and its words. A product says the same in each market, of each variant, after each change."""
    found = cleaned(html)
    return found, words_of(found)


def from_markdown(text: str) -> CleanHtml:
    return CleanHtml(markdown(text))


def plain_text(html: str) -> str:
    """The words of a piece of HTML, on one line."""
    if "<" not in html and "&" not in html:
        return " ".join(clean(html).split())
    return words_of(cleaned(html))


def words_of(html: CleanHtml) -> str:
    """The same for one that is clean already."""
    return " ".join(unescape(strip_tags(html)).split())
