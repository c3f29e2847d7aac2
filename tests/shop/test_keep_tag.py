"""`{% keep %}`: what stands in between, made once per version of the shop under its name."""

import pytest
from django.template import Context, Template
from django.urls import set_script_prefix
from django.utils import translation

from shop.lib.page_cache import throw_away_pages

SHELF = Template('{% keep shelf name %}<b>{{ shelf }}</b> {% translate "Close" %}{% endkeep %}')


def shown(shelf, *, name="mugs"):
    return SHELF.render(Context({"shelf": shelf, "name": name}))


def test_is_made_once_until_the_shop_moves_on():
    assert shown("Mugs & cups") == shown("Bowls") == "<b>Mugs &amp; cups</b> Close"

    throw_away_pages()

    assert shown("Bowls") == "<b>Bowls</b> Close"


@pytest.mark.parametrize("name", ["", None])
def test_without_a_name_it_is_made_each_time(name):
    assert "Mugs" in shown("Mugs", name=name)
    assert "Bowls" in shown("Bowls", name=name)


def test_each_language_and_market_has_its_own():
    shown("Mugs")

    with translation.override("de"):
        assert "Becher" in shown("Becher")
    try:
        set_script_prefix("/eu/")
        assert "Abroad" in shown("Abroad")
    finally:
        set_script_prefix("/")


def test_two_things_do_not_share_a_name():
    other = Template("{% keep card name %}{{ shelf }}{% endkeep %}")
    shown("Mugs")

    assert other.render(Context({"shelf": "Bowls", "name": "mugs"})) == "Bowls"
