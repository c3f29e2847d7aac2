"""Product page, cards and structured data say in words when something can be sent."""

import datetime as dt

import pytest
import time_machine

from catalog.models import Card
from inventory.models import Reservation, StockItem
from tests.catalog.test_product_page import page
from tests.catalog.test_structured import offer
from tests.factories import RateFactory, in_stock
from tests.factories.ahead import on_order, preordered, sold_ahead
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db
NOW = "2026-11-22 12:00Z"
DAY = dt.date(2026, 12, 12)


@pytest.fixture(autouse=True)
def _today(demo_market):
    with time_machine.travel(NOW, tick=False):
        yield


def mug(units=0, **policy):
    product = product_with(slug="mug", units=units)
    variant = product.variants.get()
    if policy:
        sold_ahead(variant, **policy)
    return product, variant


def said(client, product):
    found = page(client, product)["offer"]
    return found.stock_text, found.stock_tone, found.can_buy


def test_what_is_made_to_order_says_from_when_it_is_sent(client):
    product, variant = mug(limit=5)
    on_order(variant, 10, DAY)

    assert said(client, product) == ("Made to order: sent from 12 December", "ok", True)


def test_a_preorder_says_its_day_and_how_many_are_left(client):
    product, variant = mug(units=3)
    preordered(variant, DAY, limit=14)

    words = "Pre-order: sent from 12 December, 14 left"
    found = page(client, product)["offer"]
    assert (found.stock_text, found.quantities.most) == (words, 14)


def test_what_is_there_is_in_stock_though_more_could_be_promised(client):
    product, _variant = mug(units=20, limit=5)

    assert said(client, product)[0] == "In stock, ready to post"


def test_the_last_ones_beside_what_comes(client):
    product, variant = mug(units=2, limit=5)
    on_order(variant, 10, DAY)

    assert said(client, product) == ("2 in stock, more sent from 12 December", "ok", True)


def test_sold_out_says_when_more_is_expected(client):
    product, variant = mug()
    on_order(variant, 10, DAY)

    words = "Sold out. More expected on 12 December."
    assert said(client, product) == (words, "bad", False)


def test_the_last_one_that_somebody_pays_for_may_come_back(client):
    product, variant = mug(units=1)
    now = dt.datetime.now(dt.UTC)
    item = StockItem.objects.get(variant=variant)
    StockItem.objects.update(reserved=1)
    Reservation.objects.create(
        holder="6d5cd9a4-7a3b-4b1e-9a55-0d9e4a2b9b11",
        stock_item=item,
        quantity=1,
        created_at=now,
        until=now + dt.timedelta(minutes=15),
    )

    words = "Somebody else is paying for the last one. It may be free again in a few minutes."
    assert said(client, product) == (words, "warn", False)


def test_the_arrival_is_counted_from_the_day_it_is_sent(client):
    RateFactory()
    product, variant = mug(limit=5)
    on_order(variant, 10, DAY)

    delivery = page(client, product)["delivery"]

    # The twelfth is a Saturday: it leaves on Monday.
    assert delivery.arrival_text == "Arrives Wed 16 Dec to Thu 17 Dec"
    assert delivery.cutoff_text == ""


@pytest.mark.parametrize("is_preorder", [False, True])
def test_search_engines_read_the_same(client, is_preorder):
    _product, variant = mug(limit=5)
    on_order(variant, 10, DAY)
    if is_preorder:
        preordered(variant, DAY)
    shelve()

    found = offer(client)

    kind = "PreOrder" if is_preorder else "BackOrder"
    assert found["availability"] == f"https://schema.org/{kind}"
    assert found["availabilityStarts"] == "2026-12-12"


def test_a_card_is_not_called_sold_out_while_it_can_be_ordered():
    _product, _variant = mug(limit=5)
    shelve()

    card = Card.objects.get()
    assert (card.in_stock, card.is_low) == (True, False)


def test_a_choice_that_can_be_ordered_is_not_crossed_out(client):
    product = product_with({"Glaze": ["Ash", "Moss"]}, slug="mug", units=0)
    ash, moss = product.variants.order_by("position")
    sold_ahead(moss, limit=2)
    in_stock(1, variant=ash)

    values = page(client, product)["options"][0].values

    assert [value.is_sold_out for value in values] == [False, False]
