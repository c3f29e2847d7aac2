"""Search: few questions to the database, however much there is, and by the indexes made for them."""

from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from catalog.queries import counts, search, search_language, search_ranking
from catalog.queries.filters import Filters
from shop.lib.page_cache import throw_away_pages
from shop.processes import browsing
from tests.factories import CategoryFactory
from tests.factories.shelf import article, product_with, shelve

pytestmark = pytest.mark.django_db
NOW = timezone.now()
# Ranking, the note of what was found; its cards were on pages before.
OF_RESULTS = 2
# Ranking, earlier searches.
OF_SUGGESTIONS = 2


@pytest.fixture(autouse=True)
def market(demo_market):
    article("Returns", body="Send the mug back within 30 days.")
    for number in range(30):
        product_with(
            {"Glaze": ["Ash", "Moss"]},
            title=f"Foot-ring mug {number}",
            slug=f"mug-{number}",
            category=CategoryFactory(name="Mugs"),
        )
    shelve()
    browsing.refresh_words(now=NOW)
    throw_away_pages()
    return demo_market


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("/search/?q=mug", OF_RESULTS),
        ("/search/?q=foot-ring+mug", OF_RESULTS),
        # A page further on is no search of its own.
        ("/search/?q=mug&page=2", OF_RESULTS - 1),
        # Pictures in the chosen look.
        ("/search/?q=mug&glaze=moss", OF_RESULTS),
        # What is put right is looked for first.
        ("/search/?q=foot-ring+mgu", OF_RESULTS + 1),
        # Near ones are looked for when few have all words.
        ("/search/?q=mug+7", OF_RESULTS + 1),
        ("/search/suggest/?q=foot+mu", OF_SUGGESTIONS),
    ],
)
def test_a_search_asks_few_questions(client, django_assert_num_queries, address, number):
    client.get(f"{address}&asked=lately")

    with django_assert_num_queries(number):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("address", "number"),
    [("/search/?q=mug", OF_RESULTS), ("/search/suggest/?q=mu", OF_SUGGESTIONS + 2)],
)
def test_new_words_cost_one_question_and_what_staff_teach_two(
    client, django_assert_num_queries, address, number
):
    client.get("/search/?q=ring")
    client.get("/search/suggest/?q=te")
    search_language.forget()

    with django_assert_num_queries(number + 1 + 2):
        client.get(address)


def test_words_asked_for_lately_are_new_again_when_the_shop_moves_on(client):
    assert client.get("/search/?q=lamp").context["listing"].total == 0
    product_with(title="Lamp", slug="light")
    shelve()

    assert client.get("/search/?q=lamp").context["listing"].total == 1
    assert client.get("/search/suggest/?q=lam").json()["products"]


def test_cards_are_found_by_the_indexes_that_name_their_market(market):
    terms = search.find("mug", market).terms
    statement, values = search_ranking._statement(terms, market, most=search_ranking.MOST)
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_indexscan = off")
        cursor.execute(f"explain {statement}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "on card_named" in plan
    assert "on card_found" in plan


def test_the_most_popular_are_found_however_common_a_word_is(market, monkeypatch):
    for popularity, title in enumerate(["Mug with a foot", "Cup, hardly a mug", "Plate", "Jug"]):
        tags = ["mug"] if "ug" not in title else []
        product_with(title=title, slug=f"one-{popularity}", popularity=popularity + 5, tags=tags)
    shelve()
    browsing.refresh_words(now=NOW)
    looked_up = search.find("mug", market).ids

    monkeypatch.setattr(search_ranking, "COMMON", 0)
    monkeypatch.setattr(search_ranking, "MOST", len(looked_up) - 1)
    walked = search.find("mug", market).ids

    # All but one of them: the last is cut off either way.
    assert len(looked_up) == 34
    assert walked == looked_up[:-1]


def test_a_list_that_nothing_narrows_is_counted_as_by_masks(market):
    for number, price in enumerate(["3.00", "12.50", "48.00"]):
        product_with({"Size": ["S"]}, title="Mug", slug=f"other-{number}", price=Decimal(price))
    shelve()
    browsing.refresh_words(now=NOW)
    cards = search.find("mug", market).ranked.cards

    assert len(cards.ids) == 33
    assert counts.count_all(cards) == counts.count(cards.tally(), Filters())


def test_a_shop_with_very_many_values_of_facets_is_asked_for_those_of_each_list(
    client, monkeypatch
):
    before = client.get("/search/?q=mug").context["listing"].facets
    monkeypatch.setattr(counts, "MOST_KEPT", 1)
    throw_away_pages()

    assert client.get("/search/?q=mug").context["listing"].facets == before
    assert before
