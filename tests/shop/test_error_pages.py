"""When something is not there or not right."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from catalog.queries import markets
from shop import views
from tests.factories.shelf import product_with, shelve


@pytest.mark.django_db
def test_a_page_that_is_not_there_offers_ways_on(client, demo_market):
    product_with(title="Moon mug")
    shelve()

    response = client.get("/nothing/")

    assert response.status_code == 404
    html = response.content.decode()
    assert 'role="search"' in html
    assert "Moon mug" in html
    assert response["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_a_missing_page_costs_little(client, demo_market):
    client.get("/nothing/")

    with CaptureQueriesContext(connection) as captured:
        client.get("/nothing/else/")

    assert len(captured) <= 2


@pytest.mark.django_db
def test_a_missing_page_says_so_while_the_database_is_away(client, demo_market, request):
    markets.markets()
    request.getfixturevalue("no_database")

    response = client.get("/nothing/")

    assert response.status_code == 404
    assert b"not on the shelf" in response.content


@pytest.mark.django_db
def test_a_form_without_its_token_is_asked_for_again(demo_market):
    response = Client(enforce_csrf_checks=True).post("/checkout/", {"email": "a@example.com"})

    assert response.status_code == 403
    assert b"<html" in response.content


@pytest.mark.django_db
@pytest.mark.parametrize(("view", "status"), [("permission_denied", 403), ("bad_request", 400)])
def test_refusals_wear_the_shops_clothes(demo_market, view, status):
    request = RequestFactory().get("/")
    request.market = demo_market

    response = getattr(views, view)(request, exception=PermissionError())

    assert response.status_code == status
    assert b"site-header" in response.content


def test_a_broken_shop_needs_nothing_to_say_so(no_database):
    response = views.server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert b"<html" in response.content
