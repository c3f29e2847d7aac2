"""An offer of the shop, as its buyer sees it."""

import datetime as dt

import pytest
from django.utils import timezone

from orders.models import Draft, Order
from orders.tasks import email_offer
from orders.views.offer import link_of
from shop.outbox.models import Mail, Message
from shop.processes import drafting
from shop.processes.drafting import Plan, PlanLine
from tests.factories import PriceFactory, RateFactory, TaxRateFactory, buyer, in_stock, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft():
    price = PriceFactory()
    in_stock(5, variant=price.variant)
    TaxRateFactory()
    RateFactory()
    plan = Plan(
        market=price.market,
        channel=Order.Channel.PHONE,
        buyer=buyer(),
        lines=[PlanLine(price.variant.sku, 2)],
        shipping_method="tracked-48",
        payment_method="bank_transfer",
        message="As we said on the phone.",
        until=timezone.now() + dt.timedelta(days=7),
    )
    return drafting.save(draft=None, plan=plan, actor=None, now=timezone.now())


def test_the_offer_says_what_it_costs_and_what_staff_wrote(client, draft):
    page = client.get(link_of(draft.order))

    assert page.status_code == 200
    assert "As we said on the phone." in page.text
    assert "47.90" in page.text


def test_saying_yes_makes_it_an_order(client, draft):
    answer = client.post(link_of(draft.order))

    assert answer.status_code == 302
    assert Order.objects.get().status == Order.Status.PENDING
    assert stock_of(draft.order.lines.get().variant) == (5, 2)
    assert client.get(answer["Location"]).status_code == 200


def test_the_orders_own_address_leads_to_the_offer(client, draft):
    answer = client.get(draft.order.get_absolute_url())

    assert answer["Location"] == link_of(draft.order)


def test_a_stranger_sees_nothing(client, draft):
    assert client.get(f"/orders/{draft.order.number}/offer/?t=guess").status_code == 404


def test_an_offer_that_ended_says_so_and_takes_nothing(client, draft):
    Draft.objects.update(until=timezone.now() - dt.timedelta(days=1))

    page = client.post(link_of(draft.order))

    assert page.status_code == 409
    assert "ended" in page.text
    assert Order.objects.get().status == Order.Status.DRAFT


def test_what_is_gone_is_told_and_the_offer_stays(client, draft):
    in_stock(-4, variant=draft.order.lines.get().variant)

    page = client.post(link_of(draft.order))

    assert page.status_code == 409
    assert Order.objects.get().status == Order.Status.DRAFT


def test_the_mail_brings_the_link(draft):
    drafting.send(order_id=draft.order_id, actor=None, now=timezone.now())
    owed = Message.objects.get(topic="mail.order_offer")

    email_offer(message_id=owed.pk)

    sent = Mail.objects.get()
    assert draft.order.number in sent.subject
    assert f"/orders/{draft.order.number}/" in sent.text
