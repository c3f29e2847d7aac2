"""Many buy what is not there yet at once: real threads, real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from inventory.models import Backorder, StockItem, StockPolicy
from inventory.services.stock import OutOfStock
from orders.models import Order
from shop.processes import checkout
from shop.processes.checkout import Busy, holding
from tests.factories import CartFactory, CartLineFactory, VariantFactory, checkout_of, in_stock
from tests.factories.ahead import sold_ahead

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 20


def run(job, carts):
    """The job for every cart, all from the same moment on, each on a connection of its own."""
    barrier = Barrier(len(carts))

    def alone(cart):
        try:
            barrier.wait(timeout=20)
            return job(cart)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(carts)) as pool:
        return list(pool.map(alone, carts))


def carts_with(variant, count):
    return [CartLineFactory(cart=CartFactory(), variant=variant).cart for _number in range(count)]


def buys(cart):
    for _try in range(10):
        try:
            checkout.place_order(cart=cart, choice=CHOICE[0], now=timezone.now())
        except Busy:
            continue
        except OutOfStock:
            return False
        return True
    return False


CHOICE = []


@pytest.fixture(autouse=True)
def choice():
    CHOICE[:] = [checkout_of()]


def test_twenty_want_five_that_may_be_promised_and_five_are():
    variant = sold_ahead(VariantFactory(), limit=5)

    accepted = run(buys, carts_with(variant, AT_ONCE))

    assert accepted.count(True) == 5
    assert Order.objects.count() == Backorder.objects.count() == 5
    assert StockPolicy.objects.get(variant=variant).waiting == 5


def test_shelf_and_promises_together_are_sold_once():
    variant = sold_ahead(in_stock(3), limit=4)

    accepted = run(buys, carts_with(variant, AT_ONCE))

    assert accepted.count(True) == 7
    assert StockItem.objects.get(variant=variant).allocated == 3
    assert Backorder.objects.count() == 4


def test_twenty_open_the_checkout_for_the_last_five_and_five_can_pay():
    variant = in_stock(5)

    def pays(cart):
        holding.hold(cart=cart, now=timezone.now())
        return buys(cart)

    accepted = run(pays, carts_with(variant, AT_ONCE))

    item = StockItem.objects.get(variant=variant)
    assert accepted.count(True) == 5
    assert (item.allocated, item.reserved) == (5, 0)
