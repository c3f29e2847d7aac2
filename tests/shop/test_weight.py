"""What a shopper's phone has to fetch for a page: bytes as they travel, and how many files."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from shop.lib.compression import BROTLI
from tests.factories import ImageFactory, RateFactory
from tests.factories.shelf import article, product_with, review_of, shelve

pytestmark = pytest.mark.django_db
GLAZES = {"Glaze": [f"Glaze {n}" for n in range(8)]}
# KB of HTML, as it travels; files of script.
PAGES = {
    "/": (6, 7),
    "/c/mugs/": (7, 9),
    "/c/mugs/?page=2": (7, 9),
    "/search/?q=mug": (7, 10),
    "/p/mug/": (8, 13),
    "/help/": (4, 6),
    "/contact/": (4, 8),
}
STYLE_KB, SCRIPT_KB = 18, 28
STYLE, SCRIPT = re.compile(r'rel="stylesheet" href="/static/([^"]+)"'), re.compile(r'<script[^>]* src="/static/([^"]+)"')  # fmt: skip
IMPORTED, SHEET = re.compile(r'from "\./([^"]+)"|import "\./([^"]+)"'), re.compile(r'@import url\("([^"]+)"\)')  # fmt: skip

ELSEWHERE = re.compile(r'(?:src|srcset|rel="(?:stylesheet|preload)" href)="(?:https?:)?//')


@pytest.fixture(autouse=True)
def shop(demo_market):
    RateFactory()
    article()
    for number in range(25):
        product = product_with(slug=f"mug-{number}", title=f"Mug {number}", tags=["Gift"])
        ImageFactory(product=product)
    mug = product_with(GLAZES, slug="mug", title="Mug of all glazes")
    ImageFactory(product=mug)
    review_of(mug)
    shelve()


def read(name):
    return Path(finders.find(name)).read_bytes()


def kb(*contents):
    """As they travel: each packed for itself."""
    return sum(len(brotli.compress(one, quality=BROTLI)) for one in contents) / 1024


def scripts(page):
    """All files of script, with those that they ask for in turn."""
    found, more = set(), set(SCRIPT.findall(page))
    while more:
        found |= more
        inner = (names for one in more for names in IMPORTED.findall(read(one).decode()))
        more = {f"js/{first or second}" for first, second in inner} - found
    return found


def test_pages_are_light(client):
    for address, (most, most_files) in PAGES.items():
        response = client.get(address, headers={"accept-encoding": "br"})
        page = brotli.decompress(response.content).decode()

        assert len(response.content) / 1024 <= most, address
        (sheet,) = STYLE.findall(page)
        joined = b"".join(read(f"css/{name}") for name in SHEET.findall(read(sheet).decode()))
        assert 1 < kb(joined) <= STYLE_KB
        files = scripts(page)
        assert 1 < len(files) <= most_files, (address, files)
        assert kb(*map(read, files)) <= SCRIPT_KB, address
        # Whatever else it asks for at once comes from ourselves.
        assert not ELSEWHERE.findall(page), address


def test_pictures_further_down_are_fetched_when_they_come_into_sight(client):
    page = client.get("/c/mugs/").content.decode()

    pictures = re.findall(r'<img class="picture__image"[^>]*>', page)
    assert len(pictures) == 24
    assert ["lazy" in one for one in pictures] == [False] * 2 + [True] * 22
