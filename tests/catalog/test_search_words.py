"""Search: words in their forms, and slips of the pen put right by the catalogue's own words."""

import pytest
from django.utils import timezone

from catalog.models import Word
from catalog.queries import search
from catalog.queries.search_words import slips
from catalog.services import search_words
from shop.processes import browsing
from tests.factories import MarketFactory
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def market(demo_market):
    product_with(title="Bluetooth speaker", slug="speaker", brand="Quelle")
    product_with(title="Headset with a microphone", slug="headset")
    product_with(title="Laptop stand", slug="stand", specs=[["Material", "Beechwood"]])
    shelve()
    return demo_market


def found(text, market, **how):
    cards = search.find(text, market, **how).cards.order_by("rank")
    return list(cards.values_list("slug", flat=True))


@pytest.mark.parametrize(
    "typed",
    [
        "bleutooth", "bluetoth", "bluettooth", "bluetooht", "luetooth", "blietooth speaker",
        "blue tooth", "bluetoothspeaker", "BLUETHOOT", "quele", "blutoot",
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_finds_what_was_meant(market, typed):
    assert found(typed, market) == ["speaker"]


def test_only_words_that_nobody_knows_are_put_right(market):
    product_with(title="Leather shoe", slug="shoe")
    product_with(title="Shore painting", slug="shore")
    shelve()

    terms = search.find("shore", market).terms

    assert (terms.spelt, terms.is_corrected) == ("shore", False)


def test_words_of_the_specification_count_as_known(market):
    assert found("beechwood", market) == ["stand"]
    assert not search.find("beechwood", market).terms.is_corrected


@pytest.mark.parametrize("typed", ["4711x", "zq", "xylophonically"])
def test_numbers_and_far_off_words_are_left_alone(market, typed):
    assert found(typed, market) == []
    assert not search.find(typed, market).terms.is_corrected


@pytest.mark.parametrize("typed", ["head set", "headsets", "headset microphones"])
def test_words_are_found_in_other_forms(market, typed):
    assert found(typed, market)[0] == "headset"


def test_a_word_that_was_begun_finds_how_it_may_end(market):
    assert found("blue", market) == ["speaker"]
    assert found("laptop sta", market, is_typing=True) == ["stand"]


def test_unwanted_words_are_left_out(market):
    product_with(title="Laptop sleeve", slug="sleeve")
    shelve()

    assert found("laptop -stand", market) == ["sleeve"]


def test_each_language_has_its_own_stems(demo_market):
    german = MarketFactory(code="de", path="de", language="de", name="Deutschland", position=2)
    product = product_with(title="Kaffeetassen", slug="tassen")
    product.variants.get().prices.create(market=german, amount="20")
    shelve()

    assert found("kaffeetasse", german) == ["tassen"]


def test_new_words_are_known_at_once_and_counted_by_the_job(market):
    product_with(title="Bluetooth lamp", slug="lamp")
    shelve()
    before = Word.objects.get(market=market, word="bluetooth").cards

    changed = browsing.refresh_words(now=NOW)

    assert (before, changed > 0) == (1, True)
    assert Word.objects.get(market=market, word="bluetooth").cards == 2
    assert Word.objects.get(market=market, word="").cards == 4
    assert search_words.count(market=market) == 0


def test_words_that_are_gone_are_forgotten(market):
    product = product_with(title="Gramophone", slug="gramophone")
    shelve()
    product.cards.all().delete()

    browsing.refresh_words(now=NOW)

    assert not Word.objects.filter(word="gramophone").exists()


@pytest.mark.parametrize(
    ("typed", "meant", "count"),
    [("mug", "mug", 0), ("mgu", "mug", 1), ("mugg", "mug", 1), ("mog", "mug", 1), ("m", "mug", 2)],
)
def test_counts_slips(typed, meant, count):
    assert slips(typed, meant) == count
