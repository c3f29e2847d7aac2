"""Text that came from people: cleaned once, at the door."""

import re
import unicodedata

import nh3
from anyascii import anyascii
from django.utils.text import Truncator
from django.utils.text import slugify as django_slugify
from markdown_it import MarkdownIt

TAGS = {
    "p", "br", "strong", "em", "b", "i", "u", "s", "ul", "ol", "li", "h2", "h3", "h4", "blockquote",
    "a", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "code", "hr", "sup", "sub",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "th": {"scope", "colspan"}, "td": {"colspan"}}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# All that a parser of HTML would read, or write, in another way than as it stands.
MARKED_UP = re.compile("[<>&\r\xa0\ufeff]")
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def clean(text: str) -> str:
    """Normalise (NFC), drop control characters and outer white space."""
    return CONTROL.sub("", unicodedata.normalize("NFC", text)).strip()


def one_line(text: str) -> str:
    """Cleaned, and every run of white space, also a line's end, a single space."""
    return " ".join(clean(text).split())


def shortened(text: str, limit: int) -> str:
    """So many letters at most, the last a sign that there is more."""
    # A text that fits is not gone through letter by letter, which is what takes the time.
    if len(text) <= limit and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text
    return str(Truncator(text).chars(limit))


def clean_html(html: str) -> str:
    """Keep plain structure and links; no script, style, image, event handler or odd URL survives."""
    text = clean(html)
    if not MARKED_UP.search(text):
        return text
    return nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener nofollow",
    )


def markdown(text: str) -> str:
    return clean_html(MARKDOWN.render(clean(text)))


def slugify(text: str, *, limit: int = 100) -> str:
    """A slug in ASCII letters for any script; never empty for text that has letters."""
    return django_slugify(anyascii(clean(text)))[:limit].strip("-")
