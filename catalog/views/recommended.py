"""Rows for somebody who has looked around: their script names the products, the shop keeps nothing."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from catalog.queries.recommendations import for_viewer
from catalog.views.market import market_of
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page

MOST = 8
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,120}")
# As searches: there are more such addresses than anybody can count.
KEEP_SECONDS = 300


@only_reads
@public_page
def recommended(request: HttpRequest) -> HttpResponse:
    """`seen`: slugs, latest first, with commas between. What is no slug is passed over."""
    slugs = _slugs(request.GET.get("seen", ""))
    seen, picked = for_viewer(slugs, market_of(request), now=timezone.now())
    response = render(request, "catalog/recommended.html", {"seen": seen, "picked": picked})
    response.keep_seconds = KEEP_SECONDS  # type: ignore[attr-defined]
    response["X-Robots-Tag"] = "noindex"
    return response


def _slugs(text: str) -> list[str]:
    words = text[: MOST * 121].split(",")
    return list(dict.fromkeys(word for word in words if SLUG.fullmatch(word)))[:MOST]
