"""What a product page may cost: queries and bytes, whatever it has to show."""

import pytest

from shop.lib.page_cache import throw_away_pages
from tests.factories.shelf import product_with, review_of, shelve

pytestmark = pytest.mark.django_db
# Product with pictures and reviews, variants, stock, attributes, recommendations, rules' version,
# collections for the return policy, extras.
MOST_QUERIES = 8
GLAZES = {"Glaze": [f"Glaze {n}" for n in range(10)]}
MANY = {**GLAZES, "Size": [f"{n}00 ml" for n in range(1, 11)]}


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


def fetched(client, product):
    """The page, made anew, after one that filled what is kept for all products."""
    client.get(f"/p/{product.slug}/?v=warm")
    return client.get(f"/p/{product.slug}/?v=again")


@pytest.mark.parametrize("choices", [{"Size": ["200 ml"]}, MANY], ids=["one", "hundred"])
def test_takes_as_many_queries_for_a_hundred_variants_as_for_one(
    client, choices, django_assert_max_num_queries
):
    product = product_with(choices, slug="mug")
    review_of(product, stars=5)
    shelve()
    throw_away_pages()
    client.get("/p/mug/?v=warm")

    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get("/p/mug/?v=again").status_code == 200


def test_a_hundred_variants_are_not_a_hundred_times_the_bytes(client):
    few, many = product_with({"Size": ["200 ml"]}, slug="few"), product_with(MANY, slug="many")
    shelve()

    small, large = (len(fetched(client, one).content) for one in (few, many))

    assert small < 32_000
    # Search engines are told of each variant; people choose among twenty values.
    assert large - small < 100 * 900


def test_shows_the_same_when_its_parts_are_remembered(client):
    product_with(GLAZES, slug="mug")
    shelve()

    first = client.get("/p/mug/?v=one").content
    again = client.get("/p/mug/?v=two").content

    assert first == again


def test_a_part_changes_with_what_it_shows(client):
    product = product_with(GLAZES, slug="mug", title="Mug")
    shelve()
    fetched(client, product)
    product.title = "Beaker"
    product.save()

    shown = client.get("/p/mug/?v=third").content.decode()

    assert "<h1>Beaker</h1>" in shown
    assert ">Mug<" not in shown
