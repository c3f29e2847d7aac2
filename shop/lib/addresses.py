"""Addresses of pages, looked up once: resolving one takes as long as rendering a line of text."""

import re
from functools import lru_cache

from django.urls import get_script_prefix, reverse

# What stands in addresses as it is.
PLAIN, STAND_IN = re.compile("[-_a-zA-Z0-9]+"), "stand-in"
MOST = 1024


def address_of(name: str, slug: str = "") -> str:
    """What `reverse` says, below the market's prefix. slug: of the page, or a path of slugs; "" for one without."""
    prefix = get_script_prefix()
    if not PLAIN.fullmatch(slug):
        return _address_of(name, slug, prefix)
    before, after = _around(name, prefix)
    return f"{before}{slug}{after}"


@lru_cache(maxsize=MOST)
def _address_of(name: str, slug: str, _prefix: str) -> str:
    return reverse(name, args=[slug] if slug else [])


@lru_cache(maxsize=MOST)
def _around(name: str, _prefix: str) -> tuple[str, str]:
    """What comes before and after the slug in addresses of this kind."""
    before, _slug, after = reverse(name, args=[STAND_IN]).partition(STAND_IN)
    return before, after
