"""HTML that may be shown as it is."""

from html import unescape

from django.utils.html import strip_tags

from shop.lib.text import clean_html, markdown


class CleanHtml(str):
    """HTML without anything that acts. Made here only; templates write it out unescaped."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def cleaned(html: str) -> CleanHtml:
    return CleanHtml(clean_html(html))


def from_markdown(text: str) -> CleanHtml:
    return CleanHtml(markdown(text))


def plain_text(html: str) -> str:
    """The words of a piece of HTML, on one line."""
    return " ".join(unescape(strip_tags(clean_html(html))).split())
