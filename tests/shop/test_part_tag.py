"""`{% part %}`: what an include gives, rendered once for the same values, and never for others."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.urls import set_script_prefix
from django.utils import translation
from django.utils.safestring import mark_safe

from catalog.queries.cards import CardView, Swatch
from catalog.queries.pictures import Picture
from shop.templatetags import parts
from shop.templatetags.parts import part
from tests.factories import MarketFactory

CARD = "components/product_card.html"
MUG = CardView(
    url="/p/mug/",
    title="Mug",
    note="Stoneware",
    price_from=Decimal("22.000"),
    price_to=Decimal("22.000"),
    currency="GBP",
    compare_at=None,
    image=Picture("A mug", 800, 1000, "/media/mug.webp", "/media/mug.webp 800w"),
    swatches=(Swatch("Ash", "/tiles.svg#ash"), Swatch("Moss", "/tiles.svg#moss")),
    rating_avg=Decimal("4.50"),
    rating_count=3,
    badge="",
    product_id=7,
)


def included(**values):
    named = " ".join(f"{name}={name}" for name in values)
    template = Template(f'{{% include "{CARD}" with {named} only %}}')
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
    assert part(CARD, card=MUG, heading=3) == included(card=MUG, heading=3)
    assert part(CARD, card=MUG, heading=3, eager=True) == included(card=MUG, heading=3, eager=True)


def test_is_rendered_once_for_equal_values(renderings):
    for _ in range(3):
        part(CARD, card=replace(MUG), heading=3)

    assert renderings.count(CARD) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Cup"}, {"url": "/p/cup/"}, {"price_from": Decimal("21.000")}, {"currency": "EUR"},
        {"compare_at": Decimal("30.000")}, {"badge": "Sold out"}, {"rating_count": 4},
        {"rating_avg": Decimal("4.90")}, {"swatches": ()}, {"image": None}, {"product_id": 8},
        {"image": replace(MUG.image, src="/media/other.webp")},
    ],
)  # fmt: skip
def test_shows_whatever_has_changed(change):
    before = part(CARD, card=MUG, heading=3)
    changed = replace(MUG, **change)

    assert part(CARD, card=changed, heading=3) == included(card=changed, heading=3) != before


def test_speaks_the_language_that_is_spoken():
    said = {}
    for language in ("en-gb", "de", "en-gb"):
        with translation.override(language):
            said[language] = part("components/rating.html", average=MUG.rating_avg, count=3)

    assert "4.5" in said["en-gb"]
    assert "4,5" in said["de"]


def test_leads_into_the_market_at_hand():
    try:
        set_script_prefix("/eu/")
        there = part("components/site_tools.html", market_path="eu")
    finally:
        set_script_prefix("/")

    assert 'href="/eu/cart/"' in there
    assert 'href="/cart/"' in part("components/site_tools.html", market_path="eu")


def test_takes_no_text_for_markup_that_was_called_safe():
    name = "components/site_search.html"

    assert "<b>" in part(name, query=mark_safe("<b>"))
    assert "<b>" not in part(name, query="<b>")


@pytest.mark.django_db
def test_refuses_what_may_change_while_it_stays_equal():
    @dataclass(frozen=True)
    class Holder:
        market: object

    market = MarketFactory()
    for value in (market, [1], {"a": 1}, Holder(market), (1, [2]), Holder(mark_safe("<b>"))):
        with pytest.raises(TypeError):
            part("components/site_search.html", query=value)
