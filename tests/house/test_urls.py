"""Every address answers a wrong method with 405 and never with a 500."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

POST_ONLY = ["orders:cart_line_create"]
GET_ONLY = ["catalog:home", "orders:cart", "catalog:search"]


@pytest.mark.parametrize("name", POST_ONLY)
def test_changes_are_not_made_by_looking(client, demo_market, name):
    assert client.get(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", GET_ONLY)
def test_pages_to_read_take_no_posts(client, demo_market, name):
    assert client.post(reverse(name)).status_code == 405
