"""What placing an order and looking at it may cost, in statements, however much is bought."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from inventory.models import StockItem
from shop.outbox.models import Message
from shop.processes import checkout
from tests.factories import CartLineFactory, in_stock
from tests.factories.orders import checkout_of, placed_order

pytestmark = pytest.mark.django_db
# The version of the rules, which a page has asked already; four to price the basket anew, four to
# write the order, five for its goods, two for its money.
PLACING = 16
# The order with what hangs on it, its lines, its taxes.
PAGE = 3


def cart_of(lines):
    """A basket of so many variants, of which there are plenty."""
    first = CartLineFactory(variant=in_stock(50))
    for _more in range(lines - 1):
        CartLineFactory(cart=first.cart, variant=in_stock(50))
    return first.cart


@contextmanager
def counted():
    """The statements that run, without the marks that a test's own transaction needs."""
    seen = []

    def count(execute, sql, params, many, context):
        if "SAVEPOINT" not in str(sql):
            seen.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield seen


@pytest.mark.parametrize("lines", [1, 4])
def test_placing_takes_as_many_statements_for_four_lines_as_for_one(lines):
    others, cart = [cart_of(1), cart_of(1)], cart_of(lines)
    choice = checkout_of("bank_transfer")
    # The first order makes the shop's usual ways to pay, the second keeps the rules.
    for other in others:
        checkout.place_order(cart=other, choice=choice, now=timezone.now())

    with counted() as seen:
        checkout.place_order(cart=cart, choice=choice, now=timezone.now())

    assert len(seen) == PLACING, "\n".join(seen)


@pytest.mark.parametrize("lines", [1, 4])
def test_the_orders_page_takes_as_many_queries_for_four_lines_as_for_one(client, lines):
    choice = checkout_of("bank_transfer")
    order = checkout.place_order(cart=cart_of(lines), choice=choice, now=timezone.now())
    # The first visit makes the shop's usual rules for returns, the second keeps them.
    for _visit in range(2):
        client.get(order.get_absolute_url())

    with counted() as seen:
        assert client.get(order.get_absolute_url()).status_code == 200

    assert len(seen) == PAGE, "\n".join(seen)


@pytest.mark.parametrize(("units", "is_told"), [(50, False), (6, True)])
def test_cards_are_made_anew_only_where_few_are_left(units, is_told):
    mug = in_stock(units)
    StockItem.objects.update(low_at=3)
    Message.objects.all().delete()

    placed_order(variant=mug, quantity=2)

    assert Message.objects.filter(topic="browsing.refresh_cards").exists() is is_told
