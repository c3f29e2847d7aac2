"""What a product page may cost: queries and bytes, whatever it has to show."""

import pytest
from django.template import Template
from django.utils import timezone

from catalog.models import Recommendation
from shop.lib.page_cache import throw_away_pages
from tests.factories.shelf import product_with, review_of, shelve

pytestmark = pytest.mark.django_db
# The product with all that is told of it: its variants, what is left of them, the cards beside it.
QUERIES = 1
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
    client, choices, django_assert_num_queries
):
    product = product_with(choices, slug="mug")
    review_of(product, stars=5)
    shelve()
    throw_away_pages()
    client.get("/p/mug/?v=warm")

    with django_assert_num_queries(QUERIES):
        assert client.get("/p/mug/?v=again").status_code == 200


def test_the_cards_beside_a_product_take_no_query_more(client, django_assert_num_queries):
    product, *others = [product_with(slug=slug) for slug in ("mug", "tea", "bowl", "cup", "jug")]
    for place, other in enumerate(others):
        Recommendation.objects.create(
            product=product, other=other, kind="related", position=place, computed_at=timezone.now()
        )
    shelve()
    throw_away_pages()
    client.get("/p/mug/?v=warm")

    with django_assert_num_queries(QUERIES):
        assert client.get("/p/mug/?v=again").status_code == 200


def test_a_page_that_nobody_has_seen_is_filled_in_from_others_of_its_kind(client, monkeypatch):
    for slug in ("mug", "bowl"):
        product_with(GLAZES, slug=slug, title=slug.title())
    shelve()
    client.get("/p/mug/")
    rendered = []
    walk = Template.render
    monkeypatch.setattr(
        Template, "render", lambda one, context: rendered.append(one.name) or walk(one, context)
    )

    assert "<h1>Bowl</h1>" in client.get("/p/bowl/").content.decode()

    ours = [name for name in rendered if name.startswith(("catalog/_", "marketing/_"))]
    assert ours == []


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
