"""Help pages and the shop's own."""

import datetime as dt

import pytest

from accounts.models import PolicyVersion
from support.models import Article
from tests.factories.shelf import article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


def test_lists_answers_and_the_shops_own_pages(client):
    article("Delivery", summary="When it comes.")
    article("About us", kind=Article.Kind.PAGE)
    article("Not yet", is_published=False)

    groups = client.get("/help/").context["groups"]

    assert [[link.url for link in group["articles"]] for group in groups] == [
        ["/help/delivery/"],
        ["/pages/about-us/"],
    ]


def test_shows_an_answer_formatted_and_never_acting(client):
    article("Delivery", body="It takes **two** days.<script>alert(1)</script>")

    html = client.get("/help/delivery/").content.decode()

    assert "<strong>two</strong>" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("address", ["/help/nothing/", "/pages/nothing/", "/pages/delivery/"])
def test_what_is_not_there_is_not_found(client, address):
    article("Delivery")

    assert client.get(address).status_code == 404


def test_an_unpublished_answer_is_not_found(client):
    article("Delivery", is_published=False)

    assert client.get("/help/delivery/").status_code == 404


def test_a_policy_is_shown_as_it_is_in_force(client):
    for year, body in ((2025, "Old."), (2026, "In force."), (2099, "To come.")):
        PolicyVersion.objects.create(
            slug="terms",
            title="Terms of sale",
            body=body,
            published_at=dt.datetime(year, 1, 1, tzinfo=dt.UTC),
        )

    html = client.get("/pages/terms/").content.decode()

    assert "In force." in html
    assert "Old." not in html
    assert "To come." not in html


def test_tells_how_to_reach_people(client):
    html = client.get("/contact/").content.decode()

    assert "hello@marlandweft.example" in html
