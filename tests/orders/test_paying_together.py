"""Two shoppers and one last unit: it is kept for whoever pays, and never in his own way."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from inventory.models import Reservation, StockItem
from orders.models import CartLine, Order
from shop.processes.checkout import holding
from tests.factories import (
    CartFactory,
    CartLineFactory,
    MarketFactory,
    RateFactory,
    TaxRateFactory,
    in_stock,
    stock_of,
)
from tests.factories.customers import member
from tests.orders.test_checkout_page import TYPED, URL

pytestmark = pytest.mark.django_db
PAYING = "Somebody else is paying for the last one. It may be free again in a few minutes."


@pytest.fixture
def mug():
    MarketFactory()
    TaxRateFactory()
    RateFactory()
    return in_stock(1)


def shopper(variant, quantity=1):
    """A browser with the variant in its basket."""
    line = CartLineFactory(cart=CartFactory(), variant=variant, quantity=quantity)
    browser = Client()
    browser.cookies["cart"] = line.cart.token
    browser.line = line
    return browser


def kept(variant):
    return StockItem.objects.get(variant=variant).reserved


def problems(browser, url="/cart/"):
    return [line.problem for line in said(browser.get(url))]


def said(response):
    return (response.context.get("cart") or response.context["summary"])["lines"]


def test_the_last_one_is_kept_for_whoever_opens_the_checkout_first(mug):
    alice, bob = shopper(mug), shopper(mug)

    alice.get(URL)

    assert kept(mug) == 1
    assert problems(alice) == [""]
    assert problems(bob) == [PAYING]
    assert problems(bob, URL) == [PAYING]


def test_the_other_one_is_told_politely_and_nothing_is_ordered(mug):
    alice, bob = shopper(mug), shopper(mug)
    alice.get(URL)

    answer = bob.post(URL, TYPED)

    assert answer.status_code == 409
    assert PAYING in answer.content.decode()
    assert not Order.objects.exists()


def test_nobody_is_in_his_own_way(mug):
    alice = shopper(mug)
    alice.get(URL)

    answer = alice.post(URL, TYPED)

    assert answer.status_code == 302
    assert Order.objects.count() == 1
    assert (stock_of(mug), kept(mug)) == ((1, 1), 0)


def test_once_the_time_is_over_the_other_one_can_buy(mug):
    alice, bob = shopper(mug), shopper(mug)
    alice.get(URL)

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        answer = bob.post(URL, TYPED)

    assert answer.status_code == 302
    assert not Reservation.objects.exists()


def test_who_goes_on_is_waited_for(mug):
    alice, bob = shopper(mug), shopper(mug)
    begun = timezone.now()

    for minutes in (0, 10, 20):
        with time_machine.travel(begun + dt.timedelta(minutes=minutes)):
            alice.post(URL, {**TYPED, "refresh": "1"})

    with time_machine.travel(begun + dt.timedelta(minutes=30)):
        assert problems(bob) == [PAYING]


def test_nobody_keeps_the_last_one_for_ever(mug):
    alice, bob = shopper(mug), shopper(mug)
    begun = timezone.now()

    for minutes in range(0, 60, 10):
        with time_machine.travel(begun + dt.timedelta(minutes=minutes)):
            alice.get(URL)

    with time_machine.travel(begun + dt.timedelta(minutes=61)):
        assert problems(bob, URL) == [""]


def test_who_signs_in_on_the_way_is_not_stopped_by_what_the_guest_kept(mug):
    alice, me = shopper(mug), member()
    CartFactory(customer=me)
    alice.get(URL)

    alice.force_login(me.user)

    assert problems(alice) == [""]
    assert alice.post(URL, TYPED).status_code == 302


def test_what_nobody_pays_for_any_more_is_swept(mug):
    alice = shopper(mug)
    alice.get(URL)

    ended = holding.sweep(now=timezone.now() + dt.timedelta(minutes=16))

    assert (ended, kept(mug)) == (1, 0)


def test_a_basket_that_changes_changes_what_is_kept(mug):
    variant = in_stock(5)
    alice = shopper(variant, quantity=4)
    alice.get(URL)

    alice.post(f"/cart/lines/{alice.line.pk}/", {"quantity": "2"})
    assert kept(variant) == 2

    alice.post(f"/cart/lines/{alice.line.pk}/", {"quantity": "0"})
    assert kept(variant) == 0


def test_looking_at_a_basket_keeps_nothing(mug):
    alice = shopper(mug)

    alice.get("/cart/")
    alice.post(f"/cart/lines/{alice.line.pk}/", {"quantity": "1"})

    assert kept(mug) == 0


@pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose", "X-Moz"])
def test_a_page_that_is_only_loaded_in_advance_keeps_nothing(mug, header):
    shopper(mug).get(URL, headers={header: "prefetch;prerender"})

    assert kept(mug) == 0


def test_a_crawler_without_a_basket_keeps_nothing(mug):
    assert Client().get(URL).status_code == 302
    assert kept(mug) == 0


def test_a_few_may_be_left_beside_those_that_are_paid_for(mug):
    variant = in_stock(5)
    alice, bob = shopper(variant, quantity=3), shopper(variant, quantity=4)

    alice.get(URL)

    assert problems(bob) == [
        "Only 2 are left while others are paying. There may be more again in a few minutes."
    ]


def test_two_lines_of_one_piece_are_kept_together(mug):
    variant = in_stock(5)
    alice = shopper(variant, quantity=2)
    CartLineFactory(cart=alice.line.cart, variant=variant, quantity=1, answers_key="gold")

    alice.get(URL)

    assert kept(variant) == 3
    assert CartLine.objects.count() == 2
