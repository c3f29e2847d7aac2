"""Attribute, brand and tag facets on lists, and what search engines see of them."""

import re
from decimal import Decimal

import pytest

from catalog.models import Card, Facet
from catalog.queries.listing import LONG, category_shelf, read_ahead
from catalog.queries.tallies import MOST_PER_FACET
from tests.factories import ProductTypeFactory
from tests.factories.questions import answer, ask
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db
MUGS = "/c/mugs/"


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


@pytest.fixture
def stoneware():
    kind = ProductTypeFactory()
    ask(kind, "capacity", "number", unit="ml", steps=[250, 500])
    ask(kind, "clay", "choice", choices=["Porcelain", "Buff stoneware"])
    ask(kind, "oven-safe", "bool")
    return kind


@pytest.fixture
def mugs(stoneware):
    for title, capacity, clay, oven in (
        ("Small", 120, "Porcelain", True),
        ("Middle", 250, "Buff stoneware", True),
        ("Large", 500, "Buff stoneware", False),
    ):
        product = product_with(title=title, type=stoneware, brand="Marl & Weft")
        answer(product, capacity=capacity, clay=clay, oven_safe=oven)
    shelve()


def listing(client, address=MUGS):
    response = client.get(address)
    assert response.status_code == 200
    return response.context["listing"]


def titles(client, address=MUGS):
    return {card.title for card in listing(client, address).cards}


def values(found, key):
    return next(
        {value.label: (value.value, value.count) for value in facet.values}
        for facet in found.facets
        if facet.key == key
    )


def test_numbers_are_parted_at_the_steps_and_a_range_includes_where_it_begins(client, mugs):
    assert values(listing(client), "capacity") == {
        "Under 250 ml": ("under-250", 1),
        "250 to 500 ml": ("250-500", 1),
        "500 ml and over": ("over-500", 1),
    }


def test_numbers_without_steps_are_a_value_each(client):
    kind = ProductTypeFactory()
    ask(kind, "height", "number", unit="cm")
    for height in ("9.5", "12"):
        answer(product_with(type=kind), height=height)
    shelve()

    assert values(listing(client), "height") == {"9.5 cm": ("9_5", 1), "12 cm": ("12", 1)}
    assert len(listing(client, f"{MUGS}?height=9_5").cards) == 1


def test_choices_stand_in_their_own_order_and_yes_before_no(client, mugs):
    found = listing(client)

    assert list(values(found, "clay")) == ["Porcelain", "Buff stoneware"]
    assert list(values(found, "oven-safe")) == ["Yes", "No"]


def test_attribute_values_add_up_and_attributes_narrow_each_other(client, mugs):
    either = f"{MUGS}?capacity=under-250&capacity=over-500"

    assert titles(client, either) == {"Small", "Large"}
    assert titles(client, f"{either}&oven-safe=yes") == {"Small"}
    assert titles(client, f"{either}&oven-safe=yes&clay=porcelain&stock=in") == {"Small"}


def test_an_attribute_in_use_keeps_its_other_values_in_reach(client, mugs):
    found = listing(client, f"{MUGS}?clay=porcelain")

    assert values(found, "clay") == {
        "Porcelain": ("porcelain", 1),
        "Buff stoneware": ("buff-stoneware", 2),
    }
    assert [chip.label for chip in found.active] == ["Porcelain"]
    assert list(values(found, "capacity")) == ["Under 250 ml"]


def test_what_parts_nothing_is_not_offered(client, stoneware):
    for _number in range(2):
        answer(product_with(type=stoneware, brand="One"), clay="Porcelain")
    shelve()

    assert {"clay", "brand"}.isdisjoint(facet.key for facet in listing(client).facets)


def test_brands_part_a_list_where_there_are_several(client):
    product_with(title="Ours", brand="Marl & Weft")
    product_with(title="Theirs", brand="Ørsted")
    shelve()

    assert values(listing(client), "brand") == {
        "Marl & Weft": ("marl-weft", 1),
        "Ørsted": ("orsted", 1),
    }
    assert titles(client, f"{MUGS}?brand=orsted") == {"Theirs"}


def test_every_facet_in_use_stays_in_the_form_however_many_there_are(client):
    kind = ProductTypeFactory()
    codes = [f"quality-{number:02}" for number in range(12)]
    for code in codes:
        ask(kind, code, "bool")
    for number in range(2):
        product = product_with(type=kind)
        answer(product, **{code.replace("-", "_"): bool(number) for code in codes})
    shelve()

    assert "quality-11" not in [facet.key for facet in listing(client).facets]
    assert "quality-11" in [facet.key for facet in listing(client, f"{MUGS}?quality-11=yes").facets]


def test_a_renamed_attribute_reads_anew_everywhere(client, mugs, stoneware):
    stoneware.attributes.filter(code="capacity").update(name="Holds", unit="cl")

    shelve()

    facet = Facet.objects.get(token="capacity:250-500")
    assert (facet.name, facet.label) == ("Holds", "250 to 500 cl")


def test_an_attribute_called_like_a_word_of_the_address_gets_another_key():
    kind = ProductTypeFactory()
    ask(kind, "rating", "text")
    answer(product_with(type=kind), rating="Robust")

    shelve()

    assert Card.objects.get().facets == ["attribute-rating:robust"]


def test_values_too_rare_to_be_kept_still_filter(client):
    kind = ProductTypeFactory()
    ask(kind, "motif", "text")
    for number in range(MOST_PER_FACET + 2):
        answer(product_with(type=kind, title=f"Mug {number}"), motif=f"Leaf {number}")
    shelve()

    for number in (0, MOST_PER_FACET + 1):
        assert titles(client, f"{MUGS}?motif=leaf-{number}") == {f"Mug {number}"}


def test_any_sorting_shows_what_the_filters_leave(client, mugs):
    for sort in ("popular", "price", "-price", "rating", "newest"):
        assert titles(client, f"{MUGS}?clay=buff-stoneware&sort={sort}") == {"Middle", "Large"}


def test_a_long_list_that_was_read_ahead_leaves_out_what_is_gone(client, mugs, market, monkeypatch):
    monkeypatch.setattr("catalog.queries.listing.LONG", 2)
    read_ahead(category_shelf(market, "mugs"))
    assert LONG > 2

    Card.objects.filter(title="Small").delete()

    assert titles(client) == {"Middle", "Large"}


@pytest.mark.parametrize(
    ("query", "canonical", "is_hidden"),
    [
        ("", "", False),
        ("?page=2", "?page=2", False),
        ("?utm_source=news", "", False),
        ("?clay=porcelain", "", True),
        ("?clay=nothing", "", False),
        ("?sort=price", "", True),
        ("?sort=price&page=2", "", True),
        ("?stock=in&price=under-50", "", True),
    ],
)
def test_views_of_a_list_point_to_the_plain_list(client, stoneware, query, canonical, is_hidden):
    for number in range(30):
        product = product_with(type=stoneware, price=Decimal(10 + number))
        answer(product, clay="Porcelain" if number % 6 else "Buff stoneware")
    shelve()

    page = client.get(f"{MUGS}{query}").content.decode()

    link = re.search(r'rel="canonical" href="([^"]+)"', page).group(1)
    assert link == f"http://127.0.0.1:8000/c/mugs/{canonical}"
    assert ('name="robots" content="noindex"' in page) == is_hidden


def test_links_to_filtered_views_are_not_to_be_followed(client, mugs):
    page = client.get(f"{MUGS}?clay=porcelain&stock=in").content.decode()

    links = re.findall(r'<a [^>]*href="[^"]*\?[^"]*"[^>]*>', page)
    assert links
    assert all('rel="nofollow"' in link for link in links)


def test_the_list_of_a_category_takes_at_most_twelve_queries(
    client, mugs, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        client.get(f"{MUGS}?capacity=under-250&clay=porcelain&oven-safe=yes&glaze=ash")
