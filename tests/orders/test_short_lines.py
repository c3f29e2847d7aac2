"""What a buyer is asked, and may choose, when something of an order is missing."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inventory.models import Backorder, Shortage
from payments.models import GrantedRefund
from shop.outbox.models import Mail, Message
from shop.processes import shortages
from shop.stock_tasks import email_order_short, tell_short
from tests.factories import MarketFactory, in_stock, placed_order, stock_of
from tests.factories.shelf import product_with, shelve
from tests.processes.shorts import lose, open_shortage, settled, short_order

pytestmark = pytest.mark.django_db


def mug_and_others(*prices):
    """A line that is short, and variants of the same product at these prices."""
    mug = product_with({"Glaze": ["Ash", "Moss", "Rust", "Slate", "Sand"]}, units=0, price="22.00")
    ash, *others = mug.variants.order_by("position")
    for variant, price in zip(others, prices, strict=False):
        variant.prices.update(amount=price)
        in_stock(5, variant=variant)
    order = short_order(variant=in_stock(3, variant=ash))
    shelve()
    return order, others


def choose(client, order, choice, sku="", *, token=None):
    url = reverse("orders:shortage_choice", args=[order.number, order.lines.get().pk])
    return client.post(
        f"{url}?t={order.link_token if token is None else token}", {"choice": choice, "sku": sku}
    )


def page(client, order):
    return client.get(order.get_absolute_url()).content.decode()


def told(order):
    shortages.noticed(shortages=list(Shortage.objects.all()), now=timezone.now())
    run("stock.tell_short", tell_short)
    run("mail.order_short", email_order_short)
    return Mail.objects.filter(kind="orders/order_short")


def run(topic, task):
    for message in Message.objects.filter(topic=topic, done_at=None):
        task(message_id=message.pk)


def test_the_page_offers_to_wait_swap_and_cancel(client):
    order, others = mug_and_others("22.00")

    html = page(client, order)

    assert "2 of 3 missing" in html
    assert others[0].sku in html
    assert "Cancel it and get £44.00 back" in html


def test_pieces_much_dearer_than_what_was_paid_are_not_offered():
    order, others = mug_and_others("25.30", "25.31")

    (found,) = shortages.options_of(order, now=timezone.now())

    assert [one.variant for one in found.pieces] == [others[0]]


def test_pieces_of_which_there_are_too_few_are_not_offered():
    order, others = mug_and_others("22.00", "22.00")
    lose(others[0], 3)

    (found,) = shortages.options_of(order, now=timezone.now())

    assert [one.variant for one in found.pieces] == [others[1]]


def test_three_pieces_are_offered_at_most():
    order, _others = mug_and_others("22.00", "22.00", "22.00", "22.00")

    (found,) = shortages.options_of(order, now=timezone.now())

    assert len(found.pieces) == 3


def test_one_click_takes_the_other_piece(client):
    order, others = mug_and_others("24.00")

    response = choose(client, order, "substitute", others[0].sku)

    line = order.lines.get()
    assert response.status_code == 302
    assert (line.variant, line.unit_price) == (others[0], 22)
    assert stock_of(others[0]) == (5, 3)
    assert "other piece" in client.get(response.url).content.decode()


def test_a_piece_that_was_not_offered_is_not_taken(client):
    order, others = mug_and_others("40.00")

    response = choose(client, order, "substitute", others[0].sku)

    assert response.status_code == 409
    assert open_shortage().quantity == 2


def test_one_click_waits(client):
    order, _others = mug_and_others()

    choose(client, order, "wait")

    assert Backorder.objects.get().quantity == 2
    assert "what would you like" not in page(client, order)


def test_one_click_cancels_what_is_missing(client):
    order, _others = mug_and_others()

    choose(client, order, "cancel")

    assert order.lines.get().canceled == 2
    assert GrantedRefund.objects.get().total == 44
    assert "2 of 3 cancelled" in page(client, order)


@pytest.mark.parametrize("choice", ["wait", "cancel"])
def test_the_same_choice_twice_does_it_once(client, choice):
    order, _others = mug_and_others()

    first, second = choose(client, order, choice), choose(client, order, choice)

    assert (first.status_code, second.status_code) == (302, 302)
    assert settled() == [(2, choice)]


def test_the_same_piece_twice_is_taken_once(client):
    order, others = mug_and_others("22.00")

    choose(client, order, "substitute", others[0].sku)
    second = choose(client, order, "substitute", others[0].sku)

    assert second.status_code == 302
    assert stock_of(others[0]) == (5, 3)


def test_what_staff_settled_meanwhile_is_told_in_words(client):
    order, others = mug_and_others("22.00")
    shortages.substitute(
        order_id=order.pk,
        line_id=order.lines.get().pk,
        sku=others[0].sku,
        reason="",
        actor=None,
        now=timezone.now(),
    )

    response = choose(client, order, "cancel")

    assert response.status_code == 409
    assert f"you get {others[0].product.title}" in response.content.decode()
    assert order.lines.get().canceled == 0


@pytest.mark.parametrize("choice", ["", "steal"])
def test_what_is_no_choice_is_refused(client, choice):
    order, _others = mug_and_others()

    assert choose(client, order, choice).status_code == 409
    assert open_shortage()


def test_strangers_choose_nothing(client):
    order, _others = mug_and_others()

    assert choose(client, order, "wait", token="x").status_code == 404


def test_another_sites_form_chooses_nothing():
    order, _others = mug_and_others()

    response = choose(Client(enforce_csrf_checks=True), order, "cancel")

    assert response.status_code == 403
    assert open_shortage()


def test_looking_changes_nothing(client):
    order, _others = mug_and_others()
    url = reverse("orders:shortage_choice", args=[order.number, order.lines.get().pk])

    assert client.get(f"{url}?t={order.link_token}").status_code == 405


def test_an_order_that_is_not_confirmed_is_not_cancelled_by_halves(client):
    MarketFactory()
    order = short_order(make=placed_order, payment_method="bank_transfer")

    assert "Cancel it" not in page(client, order)
    assert choose(client, order, "cancel").status_code == 409


def test_the_buyer_is_asked_once_with_the_same_choices():
    order, others = mug_and_others("22.00")

    (mail,) = told(order)
    told(order)

    assert Mail.objects.filter(kind="orders/order_short").count() == 1
    assert order.link_token in mail.text
    for words in ("Wait", others[0].label, "£44.00"):
        assert words in mail.text
    assert re.search(r"href=\"[^\"]*/orders/", mail.html)
    assert order.events.filter(axis="line", to_state="short").exists()


def test_what_is_settled_by_then_is_not_asked():
    order, _others = mug_and_others()
    shortages.noticed(shortages=list(Shortage.objects.all()), now=timezone.now())
    run("stock.tell_short", tell_short)
    shortages.wait(
        order_id=order.pk,
        line_id=order.lines.get().pk,
        reason="",
        actor=None,
        now=timezone.now(),
    )

    run("mail.order_short", email_order_short)

    assert not Mail.objects.filter(kind="orders/order_short").exists()
