"""Addresses and the markets they lie in."""

import pytest
from django.urls import get_script_prefix, reverse

from catalog.queries import markets
from tests.factories import MarketFactory, RateFactory

pytestmark = pytest.mark.django_db


def test_the_main_market_has_no_prefix(client, demo_market):
    assert client.get("/").context["market"] == demo_market


def test_another_market_lies_below_its_path(client, demo_market):
    eu = MarketFactory(eu=True)

    response = client.get("/eu/")

    assert response.context["market"] == eu
    assert 'href="/eu/cart/"' in response.content.decode()


def test_the_prefix_ends_with_the_answer(client, demo_market):
    MarketFactory(eu=True)

    client.get("/eu/")

    assert get_script_prefix() == "/"
    assert reverse("catalog:home") == "/"


def test_a_path_without_its_slash_is_sent_on(client, demo_market):
    MarketFactory(eu=True)

    assert client.get("/eu").url == "/eu/"


def test_speaks_the_language_of_the_market(client, demo_market):
    MarketFactory(eu=True, language="de")

    assert '<html lang="de">' in client.get("/eu/").content.decode()
    assert '<html lang="en-gb">' in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["admin/", "dashboard/", "healthz", "robots.txt", "static/x.css"])
def test_what_is_the_same_everywhere_has_one_address(client, demo_market, path):
    MarketFactory(eu=True)

    assert client.get(f"/eu/{path}").status_code == 404


def test_an_unknown_first_part_is_the_main_markets_business(client, demo_market):
    response = client.get("/fr/c/mugs/")

    assert response.status_code == 404
    assert response.context["market"] == demo_market


def test_without_any_market_the_shop_says_what_is_missing(client):
    response = client.get("/")

    assert response.status_code == 503
    assert b"no market" in response.content


def test_markets_are_remembered_while_the_database_is_away(client, demo_market, request):
    assert markets.markets()
    markets.forget()
    request.getfixturevalue("no_database")

    assert [market.code for market in markets.markets()] == ["uk"]


def test_lists_the_markets_with_the_present_one_marked(client, demo_market):
    MarketFactory(eu=True)

    links = client.get("/eu/").context["markets"]

    assert [(link.home_url, link.is_current) for link in links] == [("/", False), ("/eu/", True)]


def test_promises_free_delivery_in_the_markets_own_money(client, demo_market):

    RateFactory()

    assert "Free delivery over £60" in client.get("/").content.decode()
