"""Search: what people type, and what they get."""

import pytest

from tests.factories import CategoryFactory
from tests.factories.shelf import article, product_with, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop(demo_market):
    mugs, tea = CategoryFactory(name="Mugs"), CategoryFactory(name="Tea")
    product_with(
        {"Glaze": ["Ash", "Moss"], "Size": ["320 ml"]},
        title="Foot-ring mug",
        slug="foot-ring-mug",
        category=mugs,
        tags=["Gift"],
        description="<p>For a slow morning.</p>",
        specs=[["Height", "9.8 cm"]],
    )
    product_with(title="Shallow teapot", slug="pot-1", category=CategoryFactory(name="Pots"))
    product_with(title="Café blend", slug="tea-1", category=tea)
    shelve()


def search(client, text, **params):
    response = client.get("/search/", {"q": text, **params})
    assert response.status_code == 200
    return response.context


def titles(client, text, **params):
    return [card.title for card in search(client, text, **params)["listing"].cards]


@pytest.mark.parametrize(
    "words",
    [
        "foot-ring mug", "MUG foot", "mugs", "foot-r", "moss", "gift", "320ml", "320 ml",
        "9.8 cm", "slow mornings", "mug -blend",
    ],
)  # fmt: skip
def test_finds_by_title_value_tag_measure_and_text(client, words):
    assert titles(client, words) == ["Foot-ring mug"]


@pytest.mark.parametrize("words", ["café", "cafe", "CAFE BLEND", "caf"])
def test_accents_and_case_make_no_difference(client, words):
    assert titles(client, words) == ["Café blend"]


def test_a_word_in_the_title_counts_more_than_one_in_the_text(client):
    product_with(title="Bowl", description="Goes with the teapot.", popularity=99)
    shelve()

    assert titles(client, "teapot") == ["Shallow teapot", "Bowl"]


@pytest.mark.parametrize("sku", ["FOOT-RING-MUG-MOSS-320ML", "foot-ring-mug-moss-320ml"])
def test_an_article_number_leads_to_its_variant(client, sku):
    response = client.get("/search/", {"q": f" {sku} "})

    assert response.url == "/p/foot-ring-mug/?v=FOOT-RING-MUG-MOSS-320ML"


def test_a_slip_of_the_pen_is_put_right_and_said(client):
    page = client.get("/search/", {"q": "shalow teepot"})

    assert [card.title for card in page.context["listing"].cards] == ["Shallow teapot"]
    assert "Showing results for <strong>shallow teapot</strong>." in page.text
    assert 'href="/search/?q=shalow+teepot&amp;exact=1"' in page.text


def test_whoever_means_it_gets_exactly_that(client):
    page = client.get("/search/", {"q": "teepot", "exact": "1"})

    assert page.context["listing"].total == 0
    assert "Showing results for" not in page.text


def test_the_next_page_of_an_exact_search_is_exact_as_well(client):
    context = search(client, "mug", exact="1")

    assert context["listing"].hidden == [("q", "mug"), ("exact", "1")]


def test_nothing_found_shows_what_others_like(client):
    context = search(client, "submarine")

    assert context["listing"].cards == []
    assert context["popular"]


def test_near_ones_follow_those_with_all_words_and_the_page_says_so(client):
    bowls = CategoryFactory(name="Bowls")
    product_with(title="Foot-ring bowl", slug="bowl", popularity=99, category=bowls)
    shelve()

    page = client.get("/search/", {"q": "foot-ring mug"})

    assert [card.title for card in page.context["listing"].cards] == [
        "Foot-ring mug",
        "Foot-ring bowl",
    ]
    assert "Few products have all of these words" in page.text


def test_shows_what_comes_near_when_nothing_has_all_words(client):
    page = client.get("/search/", {"q": "submarine blend"})

    assert [card.title for card in page.context["listing"].cards] == ["Café blend"]
    assert "Nothing has all of these words." in page.text


def test_what_is_in_stock_comes_before_what_is_sold_out(client):
    product_with(title="Mug", slug="sold-out", units=0)
    shelve()

    assert titles(client, "mug") == ["Foot-ring mug", "Mug"]


def test_of_two_alike_the_popular_one_comes_first(client):
    product_with(title="Plain bowl", slug="one-bowl", popularity=2)
    product_with(title="Plain bowl", slug="other-bowl", popularity=200)
    shelve()

    cards = search(client, "bowl")["listing"].cards

    assert [card.url for card in cards] == ["/p/other-bowl/", "/p/one-bowl/"]


def test_says_on_which_shelves_it_was_found(client):
    product_with(title="Mug tea", category=CategoryFactory(name="Tea"))
    shelve()

    scopes = search(client, "mug")["scopes"]

    assert {name: count for name, _url, count in scopes} == {"Mugs": "1", "Tea": "1"}
    assert titles(client, "mug", category="tea") == ["Mug tea"]


def test_filters_keep_the_words(client):
    context = search(client, "mug", glaze="moss")

    assert context["listing"].hidden == [("q", "mug")]
    assert context["listing"].active[0].remove_url == "/search/?q=mug"


def test_help_pages_answer_what_products_do_not(client):
    article("Returns", body="Send it back within 30 days.")

    assert search(client, "send back")["articles"] == (("Returns", "/help/returns/"),)


def test_without_words_everything_is_shown(client):
    assert len(titles(client, "")) == 3


def test_suggests_products_and_shelves_while_typing(client):
    found = client.get("/search/suggest/", {"q": "mug"}).json()

    assert [one["title"] for one in found["products"]] == ["Foot-ring mug"]
    assert found["categories"] == [{"name": "Mugs", "url": "/c/mugs/"}]


def test_suggests_for_a_word_that_is_not_finished(client):
    found = client.get("/search/suggest/", {"q": "shallow tea"}).json()

    assert found["products"][0]["title"] == "Shallow teapot"


def test_suggests_nothing_for_a_single_letter(client):
    assert client.get("/search/suggest/", {"q": "m"}).json()["products"] == []


def test_results_are_not_for_search_engines(client):
    assert search(client, "mug")["seo"].noindex
