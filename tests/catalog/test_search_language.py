"""Search: units of measure and synonyms, which staff keep."""

from decimal import Decimal

import pytest

from catalog.models import Synonym, Unit
from catalog.queries import search, search_language
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(demo_market):
    product_with(title="Jug 500 ml", slug="jug")
    product_with(title="Tablet 35.8 cm", slug="tablet")
    product_with(title="Sofa", slug="sofa")
    product_with(title="PlayStation 4 console", slug="console")
    shelve()
    return demo_market


def found(text, market):
    cards = search.find(text, market).cards.order_by("rank")
    return list(cards.values_list("slug", flat=True))


@pytest.mark.parametrize(
    "typed", ["500ml", "500 ml", "0.5 l", "0,5l", "50 cl", "0.5 litres", "jug 500ml", "500 ML"]
)
def test_a_measure_is_found_in_any_of_its_units(market, typed):
    assert found(typed, market) == ["jug"]


@pytest.mark.parametrize("typed", ['14.1"', "14.1 inch", "358mm"])
def test_inches_are_centimetres(market, typed):
    assert found(typed, market) == ["tablet"]


def test_another_measure_is_not_that_one(market):
    assert "jug" not in found("5 l", market)


def test_staff_add_a_unit(market):
    Unit.objects.create(symbol="gill", base="l", factor=Decimal("0.142"))
    product_with(title="Measure 1 gill", slug="gill")
    search_language.forget()
    shelve()

    assert found("142 ml", market) == ["gill"]


def test_every_word_of_a_group_finds_the_others(market):
    Synonym.objects.create(words="sofa, couch, settee")
    search_language.forget()

    assert found("couch", market) == found("settee", market) == ["sofa"]


def test_a_one_way_synonym_leads_one_way(market):
    product_with(title="Grand seat", slug="seat")
    Synonym.objects.create(words="seating", means="sofa, seat")
    search_language.forget()
    shelve()

    assert set(found("seating", market)) == {"sofa", "seat"}
    assert found("sofa", market) == ["sofa"]


def test_a_synonym_may_have_several_words(market):
    Synonym.objects.create(words="ps4, playstation 4")
    search_language.forget()

    assert found("ps4", market) == found("playstation 4", market) == ["console"]


def test_synonyms_of_another_language_do_nothing(market):
    Synonym.objects.create(language="de", words="sofa, kanapee")
    search_language.forget()

    assert found("kanapee", market) == []
