"""A product as it will be: for who has the link, for a day, and not for sale."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from catalog.queries import preview
from tests.factories import ProductFactory, in_stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(demo_market):
    product = ProductFactory(title="Secret mug", status="draft", published_at=None)
    in_stock(5, product=product, sku="SECRET")
    return product


def test_a_draft_is_shown_with_a_banner_and_without_a_way_to_buy(client, draft):
    page = client.get(preview.address(draft))

    text = page.content.decode()
    assert page.status_code == 200
    assert "Secret mug" in text
    assert "This is how the page will look." in text
    assert reverse("orders:cart_line_create") not in text


def test_a_preview_is_neither_kept_nor_indexed(client, draft):
    page = client.get(preview.address(draft))

    assert page["Cache-Control"] == "no-store"
    assert page["X-Robots-Tag"] == "noindex"
    assert "application/ld+json" not in page.content.decode()


def test_the_next_preview_shows_what_has_changed(client, draft):
    client.get(preview.address(draft))
    draft.title = "Open mug"
    draft.save()

    assert "Open mug" in client.get(preview.address(draft)).content.decode()


def test_without_the_link_there_is_no_such_page(client, draft):
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_a_link_for_one_product_opens_no_other(client, draft):
    other = ProductFactory(title="Other", status="draft", published_at=None)
    token = preview.address(other).partition("?")[2]

    answer = client.get(f"{draft.get_absolute_url()}?{token}", follow=True)

    assert answer.status_code == 404


def test_a_link_ends_after_a_day(client, draft):
    link = preview.address(draft)

    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=1, minutes=5)):
        assert client.get(link, follow=True).status_code == 404
