"""A basket with more of a piece than there is: one click takes what can be had."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import StockPolicy
from tests.factories import CartLineFactory, MarketFactory, RateFactory, TaxRateFactory, in_stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _market():
    MarketFactory()
    TaxRateFactory()
    RateFactory()


def sells_ahead(variant, limit=3, **fields):
    StockPolicy.objects.create(variant=variant, selling="backorder", limit=limit, **fields)
    return variant


def takes(client, line):
    client.cookies["cart"] = line.cart.token
    page = client.get(reverse("orders:cart"))
    return {one.units: one.words for one in page.context["cart"]["lines"][0].takes}


def test_one_click_takes_what_is_there(client):
    line = CartLineFactory(variant=in_stock(2), quantity=5)

    assert takes(client, line) == {2: "Only the 2 that are here now"}
    client.post(
        reverse("orders:cart_line_update", args=[line.pk]),
        {"quantity": 2},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    line.refresh_from_db()
    assert line.quantity == 2
    assert takes(client, line) == {}


def test_what_is_sold_ahead_may_be_waited_for_or_not(client):
    line = CartLineFactory(variant=sells_ahead(in_stock(2)), quantity=4)

    assert list(takes(client, line)) == [2]


def test_more_than_is_sold_ahead_is_lowered_to_what_can_be_had(client):
    line = CartLineFactory(variant=sells_ahead(in_stock(2), lead_days=10), quantity=9)

    found = takes(client, line)

    day = timezone.localdate() + dt.timedelta(days=10)
    assert list(found) == [5, 2]
    assert "wait for 3 of them until" in found[5]
    assert str(day.day) in found[5]


def test_a_piece_that_is_gone_has_nothing_to_take(client):
    line = CartLineFactory(variant=in_stock(0, price="22.00"), quantity=2)

    assert takes(client, line) == {}


def test_a_line_that_can_be_had_needs_no_click(client):
    line = CartLineFactory(variant=in_stock(5), quantity=5)

    assert takes(client, line) == {}


def test_pieces_sold_by_the_half_dozen_are_taken_by_the_half_dozen(client):
    variant = in_stock(8, min_quantity=6, quantity_step=6)
    line = CartLineFactory(variant=variant, quantity=12)

    assert list(takes(client, line)) == [6]


def test_what_other_lines_have_is_not_offered_twice(client):
    variant = in_stock(5)
    line = CartLineFactory(variant=variant, quantity=4)
    CartLineFactory(cart=line.cart, variant=variant, quantity=3, answers_key="other")

    assert list(takes(client, line)) == [2]
