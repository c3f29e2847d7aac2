"""What the steps to an order may ask of the database, however much is in the basket."""

import pytest
from django.db import connection
from django.urls import reverse

from inventory.models import StockItem
from tests.factories import ImageFactory, MarketFactory, RateFactory, TaxRateFactory, in_stock
from tests.factories.promotions import asks, promotion
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db
# The goods with all that their price depends on; the cart with its line.
ADDING = 2
# The goods, the cart, whether the piece is there, the line, the cart's change, what is held, the count.
ADDING_MORE = 7
# The cart, its lines with all they show, what gifts cost, what is in stock.
BASKET = 4
# The same, and whether anything is sent.
CHECKOUT = 5
# The cart, what it wants and has, shelves and their policies, what ends, counters, what is kept.
HOLDING = 7


@pytest.fixture(autouse=True)
def _market():
    MarketFactory()
    TaxRateFactory()
    RateFactory()


@pytest.fixture
def pieces():
    """Products with options and pictures, on sale, and a gift for whoever buys a lot."""
    found = []
    for name in ("mug", "bowl", "jug"):
        product = product_with({"Glaze": ["Ash", "Moss"]}, slug=name)
        ImageFactory(product=product)
        found.append(product.variants.first())
    gift = promotion("gift", {"variant": in_stock().pk, "quantity": 1})
    asks(gift, "subtotal", amounts={"GBP": "500"})
    shelve()
    return found


def add(client, variant):
    return client.post(reverse("orders:cart_line_create"), {"sku": variant.sku, "quantity": "1"})


def asked(ask):
    """The statements of a request, but for those that mark a transaction or look for markets."""
    found = []

    def note(execute, statement, *rest):
        if "SAVEPOINT" not in statement and 'FROM "catalog_market"' not in statement:
            found.append(statement)
        return execute(statement, *rest)

    with connection.execute_wrapper(note):
        assert ask().status_code in (200, 302)
    return found


def test_a_first_piece_takes_few_queries(client, pieces):
    add(client, pieces[0])
    client.cookies.clear()

    found = asked(lambda: add(client, pieces[1]))

    assert len(found) == ADDING, found


def test_another_piece_takes_few_queries(client, pieces):
    add(client, pieces[0])

    found = asked(lambda: add(client, pieces[1]))

    assert len(found) == ADDING_MORE, found


@pytest.mark.parametrize("count", [1, 3])
def test_a_basket_takes_as_many_queries_for_three_lines_as_for_one(client, pieces, count):
    for piece in pieces[:count]:
        add(client, piece)
    client.get(reverse("orders:cart"))

    found = asked(lambda: client.get(reverse("orders:cart")))

    # What goes with a single product is kept; several are asked for.
    assert len(found) == BASKET + (0 if count == 1 else 3), found


@pytest.mark.parametrize("count", [1, 3])
def test_a_checkout_takes_as_many_queries_for_three_lines_as_for_one(client, pieces, count):
    for piece in pieces[:count]:
        add(client, piece)
    # The very first checkout of a shop writes its ways to pay, which are rules.
    for _time in range(2):
        client.get(reverse("orders:checkout"))

    # Asked for ahead, it holds nothing for the shopper: that has a budget of its own.
    ahead = {"Sec-Purpose": "prefetch"}
    found = asked(lambda: client.get(reverse("orders:checkout"), headers=ahead))

    assert len(found) == CHECKOUT, found


@pytest.mark.parametrize("count", [1, 3])
def test_goods_are_kept_in_as_many_statements_for_three_lines_as_for_one(client, pieces, count):
    StockItem.objects.update(on_hand=50)
    for piece in pieces[:count]:
        add(client, piece)
    for _time in range(2):
        client.get(reverse("orders:checkout"))

    found = asked(lambda: client.get(reverse("orders:checkout")))

    assert len(found) == CHECKOUT + HOLDING, found
