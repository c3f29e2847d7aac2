"""Search: what was looked for is counted, by nobody in particular."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import SearchCount
from catalog.services import search_counts
from shop.processes import browsing
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def market(demo_market):
    product_with(title="Mug", slug="mug-1")
    shelve()
    return demo_market


def rows():
    return set(SearchCount.objects.values_list("text", "searches", "results"))


def test_a_search_is_noted_with_what_it_found(client):
    client.get("/search/", {"q": " Mug "})
    client.get("/search/", {"q": "submarine"})

    assert rows() == {("mug", 0, 1), ("submarine", 0, 0)}


def test_every_page_somebody_saw_counts_though_pages_are_kept(client):
    for _ in range(3):
        client.get("/search/", {"q": "mug"})
        assert client.post("/search/seen/", {"q": "Mug"}).status_code == 204

    assert rows() == {("mug", 3, 1)}


def test_words_that_were_never_searched_for_can_not_be_smuggled_in(client):
    client.post("/search/seen/", {"q": "buy my watches"})

    assert rows() == set()


def test_other_sites_count_nothing(client):
    client.get("/search/", {"q": "mug"})

    answer = client.post("/search/seen/", {"q": "mug"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert rows() == {("mug", 0, 1)}


def test_the_counter_takes_posts_only(client):
    assert client.get("/search/seen/").status_code == 405


@pytest.mark.parametrize("text", ["alice@example.com", "07700 900123", "order 1048217"])
def test_what_may_be_personal_is_never_written_down(client, text):
    client.get("/search/", {"q": text})

    assert rows() == set()


def test_further_pages_and_filters_are_the_same_search(client):
    client.get("/search/", {"q": "mug", "page": "1"})
    client.get("/search/", {"q": "mug", "stock": "1"})

    assert rows() == set()


def test_popular_searches_that_found_something_are_suggested(client, market):
    today = NOW.date()
    for text, searches, results in (("mug", 2, 1), ("mug blue", 9, 4), ("mugwump", 99, 0)):
        SearchCount.objects.create(
            market=market, day=today, text=text, searches=searches, results=results
        )

    queries = client.get("/search/suggest/", {"q": "mu"}).json()["queries"]

    assert queries == [
        {"text": "mug blue", "url": "/search/?q=mug+blue"},
        {"text": "mug", "url": "/search/?q=mug"},
    ]


def test_old_searches_are_let_go(market):
    old = NOW.date() - search_counts.KEPT - dt.timedelta(days=1)
    SearchCount.objects.create(market=market, day=old, text="mug")

    browsing.refresh_words(now=NOW)

    assert rows() == set()


def test_staff_see_what_was_not_found_and_make_a_synonym_of_it(admin_client, market):
    today = NOW.date()
    SearchCount.objects.create(market=market, day=today, text="beaker", searches=4)
    SearchCount.objects.create(market=market, day=today, text="mug", searches=8, results=3)

    page = admin_client.get("/admin/catalog/searchcount/", {"found": "nothing"}).text

    assert "beaker" in page
    assert "/admin/catalog/synonym/add/?words=beaker&amp;language=en" in page
    assert "words=mug" not in page


def test_what_is_known_is_not_written_again(market):
    def note(results):
        search_counts.note(text="mug", results=results, market=market, on=NOW.date())
        with connection.cursor() as cursor:
            cursor.execute("select ctid::text, results from catalog_searchcount")
            return cursor.fetchall()

    first = note(1)

    assert note(1) == first
    assert [results for _place, results in note(2)] == [2]
