"""Of very many cards with a word the most popular are looked at alone: the list is as if all had been."""

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import Card
from catalog.queries import search_ranking
from catalog.queries.search_depth import popularity_of_first
from catalog.queries.search_terms import understand
from shop.lib.page_cache import throw_away_pages
from shop.processes import browsing
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db
SHARE = 0.25


@pytest.fixture
def market(demo_market):
    for number in range(40):
        product_with(title=f"Mug {number}", popularity=number * 2)
        product_with(title=f"Plate {number}", subtitle="for a mug", popularity=number * 2 + 1)
    shelve()
    browsing.refresh_words(now=timezone.now())
    counted()
    return demo_market


def counted():
    with connection.cursor() as cursor:
        cursor.execute("analyze catalog_card")
    throw_away_pages()


def ranked(market, text):
    return search_ranking.rank(understand(text, market), market).ids


def test_nothing_is_known_of_cards_that_were_never_counted():
    assert popularity_of_first(SHARE) is None


def test_the_share_is_about_that_of_the_cards(market):
    least = popularity_of_first(SHARE)

    reached = Card.objects.filter(popularity__gte=least).count()
    assert reached / Card.objects.count() == pytest.approx(SHARE, abs=0.05)


def test_nobody_is_more_popular_where_all_are_alike(market):
    Card.objects.update(popularity=0)
    counted()

    assert popularity_of_first(SHARE) is None


@pytest.mark.parametrize("most", [3, 8, 25, 60])
@pytest.mark.parametrize("text", ["mug", "plate", "plate mug", "mug -plate", "jar"])
def test_the_list_is_that_of_all_cards(market, monkeypatch, most, text):
    monkeypatch.setattr(search_ranking, "MOST", most)
    every = ranked(market, text)

    monkeypatch.setattr(search_ranking, "MANY", most // 2)

    assert ranked(market, text) == every


def test_those_beyond_are_not_looked_at(market, monkeypatch):
    monkeypatch.setattr(search_ranking, "MOST", 8)
    monkeypatch.setattr(search_ranking, "MANY", 30)

    statement, _values = search_ranking._statement(understand("mug", market), market, most=8)

    assert "popularity >= " in statement
