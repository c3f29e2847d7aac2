"""Basket, checkout, order and mails say what follows later, and when."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from inventory.models import Backorder, StockItem
from orders.models import Order
from orders.tasks import email_backorder_later, email_backorder_ready
from payments.tasks import email_confirmation
from shop.outbox.models import Message
from shop.processes import checkout
from tests.factories import (
    CartLineFactory,
    MarketFactory,
    RateFactory,
    TaxRateFactory,
    in_stock,
    stock_of,
)
from tests.factories.ahead import on_order, preordered, sold_ahead
from tests.orders.test_checkout_page import TYPED, URL

pytestmark = pytest.mark.django_db
NOW = "2026-11-22 12:00Z"
DAY = dt.date(2026, 12, 12)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def line(client):
    """Five mugs, three of which are there; more come on 12 December."""
    MarketFactory()
    TaxRateFactory()
    RateFactory()
    variant = sold_ahead(in_stock(3), limit=10)
    on_order(variant, 10, DAY)
    line = CartLineFactory(variant=variant, quantity=5)
    client.cookies["cart"] = line.cart.token
    return line


def follows(response):
    context = response.context
    lines = (context.get("cart") or context.get("summary") or context["order"])["lines"]
    return [line.follows for line in lines]


def order_of(client):
    client.post(URL, TYPED)
    return Order.objects.get()


@pytest.mark.parametrize("url", ["/cart/", URL])
def test_basket_and_checkout_say_what_follows_from_when(client, line, url):
    answer = client.get(url)

    assert follows(answer) == ["2 of 5 follow from 12 December"]
    assert "2 of 5 follow from 12 December" in answer.content.decode()


@pytest.mark.parametrize("url", ["/cart/", URL])
def test_no_delivery_promises_a_day_before_the_goods_are_there(client, line, url):
    StockItem.objects.update(safety=3)

    page = client.get(url).content.decode()

    assert "Sent from 12 December" in page
    assert "Arrives" not in page


def test_the_shelf_goes_to_the_order_and_the_rest_is_promised(client, line):
    order_of(client)

    assert stock_of(line.variant) == (3, 3)
    waiting = Backorder.objects.get()
    assert (waiting.quantity, waiting.promised_on) == (2, DAY)


def test_the_order_says_what_was_promised(client, line):
    order = order_of(client)

    assert follows(client.get(order.get_absolute_url())) == ["2 of 5 follow from 12 December"]


def test_an_order_of_which_nothing_is_there_names_no_day_of_arrival(client, line):
    StockItem.objects.filter(variant=line.variant).update(safety=3)
    order = order_of(client)
    unpaid = client.get(order.get_absolute_url()).context["head"]

    checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=timezone.now())
    response = client.get(order.get_absolute_url())
    paid = response.context["head"]

    assert unpaid.status_text == "We post your goods once they are here and the money is in."
    assert paid.headline == "Sent from 12 December"
    assert [step.detail for step in response.context["steps"] if step.title == "Arriving"] == [""]


def test_the_confirmation_says_what_was_promised(client, line):
    order = order_of(client)
    message = Message.objects.get(topic="mail.order_confirmation")

    email_confirmation(message_id=message.pk)

    (letter,) = mail.outbox
    assert letter.to == [order.email]
    assert "What follows later" in letter.body
    assert "2 of 5 follow from 12 December" in letter.body
    assert "2 of 5 follow from 12 December" in letter.alternatives[0][0]


def test_no_more_than_the_limit_can_be_put_together(client, line):
    line.quantity = 14
    line.save()

    (shown,) = client.get("/cart/").context["cart"]["lines"]

    assert shown.problem == "Only 13 left. Please lower the quantity."


def test_of_two_lines_the_first_gets_what_is_there(client, line):
    CartLineFactory(cart=line.cart, variant=line.variant, quantity=1, answers_key="gold")

    assert follows(client.get("/cart/")) == [
        "2 of 5 follow from 12 December",
        "Sent from 12 December",
    ]


def test_a_preorder_is_sent_on_its_first_day(client, line):
    preordered(line.variant, dt.date(2026, 12, 24))

    assert follows(client.get("/cart/")) == ["Pre-order: sent from 24 December"]


def test_whoever_waited_hears_that_it_has_arrived(client, line):
    order = order_of(client)
    bought = order.lines.get()
    Backorder.objects.all().delete()
    owed(order, "backorder_ready", str(bought.pk), email_backorder_ready)

    (letter,) = mail.outbox
    assert letter.subject == f"{bought.title} has arrived: your order {order.number}"
    assert f"Your {bought.title} has arrived and is set aside for you." in letter.body


def test_a_later_day_is_told_with_an_apology(client, line):
    order = order_of(client)
    bought = order.lines.get()
    Backorder.objects.update(promised_on=dt.date(2027, 1, 5))
    owed(order, "backorder_later", f"{bought.pk}-2027-01-05", email_backorder_later)

    (letter,) = mail.outbox
    assert "we now expect to send it from 5 January" in letter.body


def test_no_apology_once_it_came_after_all(client, line):
    order = order_of(client)
    bought = order.lines.get()
    Backorder.objects.all().delete()

    owed(order, "backorder_later", f"{bought.pk}-2027-01-05", email_backorder_later)

    assert not mail.outbox


def owed(order, kind, tell, task):
    payload = {"order_id": order.pk, "tell": tell}
    now = dt.datetime.now(dt.UTC)
    message = Message.objects.create(
        topic=f"mail.{kind}", key=kind, payload=payload, created_at=now, due_at=now
    )
    task(message_id=message.pk)
