"""Words are looked up once in a process, and are what gettext says."""

import pytest
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation.trans_real import translation as catalogue

from shop.lib.translations import remember_words

TEXTS = ("Search", "Basket", "January", "No such text \u2026", "Add to basket")


@pytest.fixture
def remembered():
    remember_words()
    yield
    for code in ("en-gb", "de"):
        vars(catalogue(code)).pop("gettext", None)


def said():
    found = {}
    for code in ("en-gb", "de", "en-gb"):
        with translation.override(code):
            found[code] = [gettext(text) for text in TEXTS]
    return found


def test_says_what_gettext_says(request):
    plain = said()
    request.getfixturevalue("remembered")

    assert said() == plain
    assert plain["de"] != plain["en-gb"]


def test_asks_the_catalogues_once(remembered):
    said()
    found = catalogue("de").gettext
    before = found.cache_info().misses

    said()
    remember_words()

    assert catalogue("de").gettext is found
    assert found.cache_info().misses == before
