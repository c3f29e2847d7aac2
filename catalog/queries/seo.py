"""Titles, descriptions and addresses as search engines want them."""

from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import gettext as _

from catalog.models import Market
from shop.lib.html import plain_text
from shop.lib.text import shortened

# The templates add the shop's name; search engines show about 70 characters.
LONGEST_TITLE = 54
LONGEST_DESCRIPTION, SHORTEST_DESCRIPTION = 160, 70


def absolute(path: str) -> str:
    """The public address of a path, or of a file that may lie elsewhere."""
    return path if path.startswith(("http://", "https://")) else f"{settings.SITE_URL}{path}"


def logo() -> str:
    return absolute(_logo())


@lru_cache(maxsize=1)
def _logo() -> str:
    return static("img/icon-180.png")


def titled(text: str) -> str:
    """A title of a line, without the shop's name."""
    return shortened(" ".join(text.split()), LONGEST_TITLE)


def described(*parts: str) -> str:
    """A description of 50 to 160 characters: as many of the parts as it takes, then the shop's own."""
    return _described((*parts, _what_we_do()))


# Cleaning takes longer than all else that a list says about itself.
@lru_cache(maxsize=1024)
def _described(parts: tuple[str, ...]) -> str:
    text = ""
    for part in parts:
        if len(text) < SHORTEST_DESCRIPTION:
            text = " ".join(f"{text} {plain_text(part)}".split())
    return shortened(text, LONGEST_DESCRIPTION)


def alternates(path: str, markets: Sequence[Market]) -> list[tuple[str, str]]:
    """The same page in these markets, and which of them is meant for everybody else.

    path: address without a market's prefix, starting with "/".
    """
    if len(markets) <= 1:
        return []
    found = [(one.locale, absolute(f"{one.prefix.rstrip('/')}{path}")) for one in markets]
    return [*found, ("x-default", found[0][1])]


def _what_we_do() -> str:
    return _(
        "%(shop)s: stoneware, linen and tea made in small batches, posted within two working days,"
        " with 30-day returns."
    ) % {"shop": settings.SHOP["name"]}
