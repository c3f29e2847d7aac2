"""`{% part %}`: what an include gives, rendered once for the same values, and never for others."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from django.conf import settings
from django.template import Context, Template
from django.urls import set_script_prefix
from django.utils import translation
from django.utils.safestring import mark_safe

from catalog.queries.pictures import Picture
from catalog.queries.shelves import Tile
from shop.templatetags import parts
from shop.templatetags.parts import part
from tests.factories import MarketFactory

TEMPLATES, SWITCH = settings.BASE_DIR / "templates", "{% language "
TILES = "components/category_tiles.html"
MUGS = Tile(
    "Mugs", "/c/mugs/", Picture("Mugs", 800, 1000, "/media/mug.webp", "/media/mug.webp 800w")
)


def included(**values):
    named = " ".join(f"{name}={name}" for name in values)
    template = Template(f'{{% include "{TILES}" with {named} only %}}')
    return template.render(Context(values))


@pytest.fixture
def renderings(monkeypatch):
    """The templates that were rendered for a part."""
    found = []

    def spy(template, *args):
        found.append(template.name)
        return original(template, *args)

    original = parts._rendered.__wrapped__
    parts._rendered.cache_clear()
    monkeypatch.setattr(parts, "_rendered", parts.lru_cache(parts.MOST, typed=True)(spy))
    return found


def test_gives_what_an_include_gives():
    assert part(Context(), TILES, tiles=(MUGS,)) == included(tiles=(MUGS,))
    assert part(Context(), TILES, tiles=(MUGS, MUGS)) == included(tiles=(MUGS, MUGS))


def test_is_rendered_once_for_equal_values(renderings):
    for _ in range(3):
        part(Context(), TILES, tiles=(replace(MUGS),))

    assert renderings.count(TILES) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Cups"}, {"url": "/c/cups/"}, {"picture": None},
        {"picture": replace(MUGS.picture, src="/media/other.webp")},
        {"picture": replace(MUGS.picture, width=801)},
    ],
)  # fmt: skip
def test_shows_whatever_has_changed(change):
    before = part(Context(), TILES, tiles=(MUGS,))
    changed = replace(MUGS, **change)

    assert part(Context(), TILES, tiles=(changed,)) == included(tiles=(changed,)) != before


def test_speaks_the_language_that_is_spoken():
    said = {}
    for language in ("en-gb", "de", "en-gb"):
        with translation.override(language):
            said[language] = part(Context(), "components/stars.html", value=Decimal("4.5"))

    assert "4.5" in said["en-gb"]
    assert "4,5" in said["de"]


def test_leads_into_the_market_at_hand():
    try:
        set_script_prefix("/eu/")
        there = part(Context(), "components/site_tools.html", market_path="eu")
    finally:
        set_script_prefix("/")

    assert 'href="/eu/cart/"' in there
    assert 'href="/cart/"' in part(Context(), "components/site_tools.html", market_path="eu")


def test_takes_no_text_for_markup_that_was_called_safe():
    name = "components/site_search.html"

    assert "<b>" in part(Context(), name, query=mark_safe("<b>"))
    assert "<b>" not in part(Context(), name, query="<b>")


@pytest.mark.django_db
def test_refuses_what_may_change_while_it_stays_equal():
    @dataclass(frozen=True)
    class Holder:
        market: object

    market = MarketFactory()
    for value in (market, [1], {"a": 1}, Holder(market), (1, [2]), Holder(mark_safe("<b>"))):
        with pytest.raises(TypeError):
            part(Context(), "components/site_search.html", query=value)


def test_no_template_changes_the_language_on_the_way():
    """Which it is, is found out once for a page."""
    found = [
        one.name for one in TEMPLATES.rglob("*") if one.is_file() and SWITCH in one.read_text()
    ]

    assert found == []
