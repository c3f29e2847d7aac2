"""Public pages: few queries, kept whole, nothing personal."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.models import Product
from shop.lib.page_cache import throw_away_pages
from tests.factories import ImageFactory, MarketFactory, RateFactory
from tests.factories.shelf import article, product_with, review_of, shelve

pytestmark = pytest.mark.django_db
PAGES = ["/", "/c/mugs/", "/c/mugs/?glaze=ash&size=320-ml&price=under-50&page=1", "/p/mug-0/",
         "/p/mug-0/?v=MUG-0-MOSS-320ML", "/search/?q=mug", "/search/?q=mgu", "/help/", "/help/delivery/", "/contact/"]  # fmt: skip
OPTIONS = {"Glaze": ["Ash", "Moss"], "Size": ["200 ml", "320 ml"]}


@pytest.fixture(autouse=True)
def shop(demo_market):
    MarketFactory(eu=True)
    RateFactory()
    article()
    mugs(2)


def mugs(count):
    start = Product.objects.count()
    for number in range(start, start + count):
        product = product_with(
            OPTIONS, slug=f"mug-{number}", title=f"Mug {number}", tiles=["Glaze"], tags=["Gift"]
        )
        ImageFactory(product=product)
        review_of(product)
    shelve()


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", PAGES)
def test_takes_at_most_twelve_queries(client, address):
    client.get("/p/mug-1/")

    assert queries(client, address) <= 12


@pytest.mark.parametrize("address", PAGES)
def test_takes_a_few_more_once_the_rules_of_the_shop_have_changed(client, address):
    client.get("/robots.txt")

    assert queries(client, address) <= 16


@pytest.mark.parametrize("address", ["/", "/c/mugs/", "/p/mug-0/", "/search/?q=mug"])
def test_takes_no_more_queries_when_there_is_more_to_show(client, address):
    few = queries(client, address)
    mugs(6)

    assert queries(client, address) <= few


@pytest.mark.parametrize("address", PAGES)
def test_takes_no_query_once_it_is_kept(client, django_assert_num_queries, address):
    first = client.get(address)

    with django_assert_num_queries(0):
        second = client.get(address)

    assert second.content == first.content


@pytest.mark.parametrize("address", PAGES)
def test_is_the_same_for_everybody(client, address):
    stranger = client.get(address)
    alice = User.objects.create_user("alice@example.com", name="Alice Byron", is_staff=True)
    client.force_login(alice)
    throw_away_pages()

    response = client.get(address, headers={"cookie": "cart=abc; cart_count=3"})

    assert response.content == stranger.content
    assert not response.cookies
    assert "Cookie" not in response["Vary"]
    assert response["Cache-Control"].startswith("public, max-age=0, s-maxage=")
    assert b"csrfmiddlewaretoken" not in response.content


@pytest.mark.parametrize("address", PAGES)
def test_is_not_sent_again_to_those_who_have_it(client, address):
    tag = client.get(address)["ETag"]

    response = client.get(address, headers={"if-none-match": tag})

    assert (response.status_code, response.content) == (304, b"")


def test_is_made_anew_when_the_shop_moves_on(client):
    product = Product.objects.get(slug="mug-0")
    assert b"Moon mug" not in client.get("/c/mugs/").content

    Product.objects.filter(pk=product.pk).update(title="Moon mug")
    shelve()

    assert b"Moon mug" in client.get("/c/mugs/").content
    assert b"Moon mug" in client.get("/p/mug-0/").content


def test_markets_do_not_see_each_others_pages(client):
    here, there = client.get("/"), client.get("/eu/")

    assert here.context["market"].code == "uk"
    assert there.context["market"].code == "eu"
    assert client.get("/").content == here.content


@pytest.mark.parametrize("address", PAGES)
def test_only_reads(client, address):
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200
