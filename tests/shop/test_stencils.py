"""`{% stencil %}`: what an include gives, its template rendered once for all things of a kind."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from django.template import Context, Engine, Template
from django.urls import set_script_prefix
from django.utils import translation
from django.utils.safestring import mark_safe

from catalog.queries.cards import CardView, Swatch
from catalog.queries.panel import FacetView, ValueView
from catalog.queries.pictures import Picture
from shop.lib import stencils
from shop.lib.html import cleaned
from shop.lib.stencils import CannotCut, Fixed, filled
from shop.templatetags import parts

CARD, FACET = "components/product_card.html", "catalog/_facet.html"
MUG = CardView(
    url="/p/mug/",
    title="Mug & <saucer>",
    note="'Stoneware'",
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
GLAZE = FacetView(
    "Glaze",
    "glaze",
    is_open=True,
    values=(ValueView("Ash & sand", "ash", 12, True, "/t.svg#ash"), ValueView("Ink", "ink", 0, False)),
)  # fmt: skip


def included(template, **values):
    named = " ".join(f"{name}={name}" for name in values)
    return Template(f'{{% include "{template}" with {named} only %}}').render(Context(values))


def stencilled(template, **values):
    named = " ".join(f"{name}={name}" for name in values)
    return Template(f'{{% stencil "{template}" {named} %}}').render(Context(values))


def template_of(text):
    return Engine.get_default().from_string(text)


@pytest.mark.parametrize(
    "change",
    [
        {}, {"title": "Cup"}, {"url": "/p/cup/"}, {"price_from": Decimal("21.500")}, {"currency": "EUR"},
        {"compare_at": Decimal("30.000")}, {"badge": "Sold out"}, {"rating_count": 1}, {"note": ""},
        {"rating_count": 0}, {"rating_avg": Decimal("4.90")}, {"swatches": ()}, {"image": None},
        {"swatches": MUG.swatches * 5}, {"swatches": MUG.swatches[:1]}, {"product_id": 8},
        {"image": replace(MUG.image, src="/media/other.webp", width=640)}, {"title": "100 %s \ue002"},
        {"image": replace(MUG.image, alt="", srcset="", sources=(("image/avif", "/a.avif 400w"),))},
    ],
)  # fmt: skip
@pytest.mark.parametrize("eager", [True, None])
def test_a_card_is_what_an_include_gives(change, eager):
    stencilled(CARD, card=MUG.words, heading=3, eager=eager)
    card = replace(MUG, **change).words

    found = stencilled(CARD, card=card, heading=3, eager=eager)

    assert found == included(CARD, card=card, heading=3, eager=eager)


@pytest.mark.parametrize(
    "facet",
    [
        GLAZE,
        replace(GLAZE, is_open=False, name="Size"),
        replace(GLAZE, values=GLAZE.values[::-1]),
        replace(GLAZE, values=(replace(GLAZE.values[0], count=0, is_active=False),)),
    ],
)
def test_a_facet_is_what_an_include_gives(facet):
    assert stencilled(FACET, facet=facet.words) == included(FACET, facet=facet.words)


def test_a_template_is_rendered_once_for_all_cards_of_a_kind(monkeypatch):
    cards = [
        replace(MUG, title=f"Mug {n}", product_id=n, price_from=Decimal(n)) for n in range(1, 9)
    ]
    template = Engine.get_default().get_template(CARD)
    filled(template, {"card": cards[0].words, "heading": 3})
    monkeypatch.setattr(Template, "render", None)

    shown = [filled(template, {"card": card.words, "heading": 3}) for card in cards]

    assert [f">Mug {n}<" in one for n, one in enumerate(shown, 1)] == [True] * 8


def test_what_stands_on_many_lists_is_drawn_once_as_long_as_it_says_the_same(monkeypatch):
    template = template_of('{% stencil "components/card_item.html" each card=cards heading=3 %}')

    def drawn(*cards):
        return template.render(Context({"cards": cards}))

    first, cup = drawn(MUG), replace(MUG, title="Cup", price_from=Decimal("21.500"))
    both = drawn(MUG, cup)
    monkeypatch.setattr(parts, "filled", None)

    assert both.startswith(first)
    assert both == first + drawn(cup)
    assert ">Cup<" in drawn(cup)
    with pytest.raises(TypeError):  # another badge: it would have to be drawn
        drawn(replace(MUG, badge="Sold out"))


def test_nothing_that_may_change_or_is_markup_is_drawn_once():
    template = template_of('{% stencil "components/card_item.html" each card=cards heading=3 %}')

    with pytest.raises(TypeError, match="SafeString"):
        template.render(Context({"cards": [replace(MUG, title=mark_safe("<b>"))]}))


def test_texts_are_escaped_and_markup_is_not():
    template = template_of("<p>{{ text }}</p><i>{{ safe }}{{ clean }}</i>")
    values = {"text": "<b>", "safe": mark_safe("<b>"), "clean": cleaned("<em>so</em>")}

    assert filled(template, values) == "<p>&lt;b&gt;</p><i><b><em>so</em></i>"


def test_it_works_within_another():
    outer = template_of('{{ title }}{% stencil "components/rating.html" stars="45" average=average count="3" reviews="reviews" %}')  # fmt: skip

    assert "4.5 out of 5" in filled(outer, {"title": "A", "average": "4.5"})
    assert "3.9 out of 5" in filled(outer, {"title": "B", "average": "3.9"})


def test_it_speaks_the_language_and_leads_into_the_market_at_hand():
    template = template_of(
        "{{ text }}{% url 'orders:cart' %}{% get_current_language as now %}{{ now }}"
    )
    with translation.override("de"):
        there = filled(template, {"text": "x"})
    try:
        set_script_prefix("/eu/")
        abroad = filled(template, {"text": "x"})
    finally:
        set_script_prefix("/")

    assert filled(template, {"text": "y"}) == "y/cart/en-gb"
    assert (there, abroad) == ("x/cart/de", "x/eu/cart/en-gb")


@pytest.mark.parametrize(
    "text",
    [
        "{{ text|upper }}", "{{ text|slice:':3' }}", "{% if text == 'none' %}x{% endif %}", "{{ text|slugify }}",
        "{% if 'a' in text %}x{% endif %}", "{{ text|length }}", "{% for letter in text %}x{% endfor %}",
        "{{ text|safe }}", "{{ text.upper }}",
    ],
)  # fmt: skip
def test_a_template_that_looks_into_its_texts_is_refused(text):
    with pytest.raises(CannotCut):
        filled(template_of(text), {"text": "abc"})


def test_truths_numbers_and_lengths_have_stencils_of_their_own():
    template = template_of(
        "{% if many|length > 1 %}many{% endif %}{{ number }}{% if truth %}!{% endif %}"
    )

    def said(many, number, truth):
        return filled(template, {"many": many, "number": number, "truth": truth})

    assert said(("a",), 1, True) == "1!"
    assert said(("a", "b"), 1, True) == "many1!"
    assert said(("a",), 2, False) == "2"
    assert said(("a",), 1, 1) == "1!"
    assert said((), 1, None) == "1"


def test_a_fixed_text_may_be_looked_into():
    template = template_of("{% if country == 'US' %}state{% else %}county{% endif %} {{ text }}")

    found = [filled(template, {"country": Fixed(code), "text": "y"}) for code in ("US", "GB", "US")]

    assert found == ["state y", "county y", "state y"]


def test_what_may_change_is_refused():
    @dataclass
    class Open:
        name: str

    template = template_of("{{ value }}")
    for value in ([1], {"a": 1}, Decimal("1.00"), Open("x"), (1, [2])):
        with pytest.raises(TypeError):
            filled(template, {"value": value})


def test_kinds_have_an_end():
    assert stencils._stencil.cache_info().maxsize == stencils.MOST_KINDS


def test_a_list_of_things_is_each_of_them():
    other = replace(MUG, title="Bowl", rating_count=0, compare_at=Decimal(30))
    each = Template('{% stencil "components/card_item.html" each card=cards heading=3 %}')
    one = Template('{% stencil "components/card_item.html" card=card heading=3 %}')

    found = each.render(Context({"cards": [MUG, other]}))

    assert found == "".join(one.render(Context({"card": card.words})) for card in (MUG, other))
    assert each.render(Context({"cards": []})) == ""
