"""The order's page and the checkout: what is to be paid, how, until when, and by card as well."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from payments.gateways.base import Standing, State
from payments.models import Payment, PaymentMethod
from payments.services import matching, methods, payments
from shop.outbox.models import Message
from shop.processes import checkout
from shop.processes.checkout import settling
from tests.factories import CartLineFactory, checkout_of, paid_order, placed_order
from tests.factories.customers import member

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def page(client, order):
    return client.get(order.get_absolute_url()).content.decode()


def transfer(**fields):
    return placed_order(payment_method="bank_transfer", now=NOW, **fields)


def invoiced():
    customer = member("trade@example.com")
    customer.invoice_days = 30
    customer.save()
    line = CartLineFactory()
    line.cart.customer = customer
    line.cart.save()
    return checkout.place_order(cart=line.cart, choice=checkout_of("invoice"), now=NOW)


def part_paid(order, amount):
    """As a bank line that staff matched."""
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        payment = matching.attempt(order=locked, amount=Decimal(amount), now=NOW)
        standing = Standing(State.CHARGED, payment.amount, "GBP", f"line-{payment.pk}")
        settling.charged(order=locked, payment=payment, standing=standing, now=NOW)


class TestOrderPage:
    def test_a_transfer_is_told_with_its_sum_reference_and_last_day(self, client):
        order = transfer()

        text = page(client, order)

        assert "GB33 BUKB" in text
        assert f"{order.expires_at:%B %Y}" in text
        assert f"£{order.total}" in text

    def test_it_may_be_paid_by_card_instead(self, client):
        assert "by card" in page(client, transfer())

    def test_not_when_cards_are_switched_off(self, client):
        methods.rows()
        PaymentMethod.objects.filter(code="card").update(is_active=False)
        order = transfer()

        assert "by card" not in page(client, order)
        answer = client.post(
            reverse("payments:pay", args=[order.number]) + f"?t={order.link_token}"
        )
        assert answer["Location"] == order.get_absolute_url()

    def test_what_the_courier_collects_is_not_paid_by_card(self, client):
        order = placed_order(payment_method="cash_on_delivery")

        text = page(client, order)

        assert f"£{order.total} ready" in text
        assert "by card" not in text
        assert "Waiting for your payment" not in text

    def test_an_invoice_tells_its_last_day_and_is_on_its_way(self, client):
        order = invoiced()
        order.refresh_from_db()

        text = page(client, order)

        assert f"{order.due_on.day} {order.due_on:%B %Y}" in text
        assert "Arriving by" in text

    def test_after_a_part_the_rest_is_asked_for(self, client):
        order = transfer()
        part_paid(order, "10.00")

        text = page(client, order)

        assert f"£{order.total - 10}" in text
        assert "Part of the money is in" in text

    def test_a_paid_order_asks_for_nothing(self, client):
        text = page(client, paid_order(payment_method="bank_transfer"))

        assert "GB33 BUKB" not in text
        assert "by card" not in text


class TestSwitchingToCard:
    def test_the_card_pays_and_the_transfer_is_not_waited_for_any_more(self):
        order = transfer()
        payment = payments.open_attempt(order=order, provider="card", now=NOW)
        payments.name_reference(payment=payment, reference="cs_1")

        standing = Standing(State.CHARGED, payment.amount, "GBP", "pi_1")
        checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=NOW)

        order.refresh_from_db()
        assert (order.payment_status, order.payment_method) == ("paid", "card")
        assert not Payment.objects.filter(is_open=True).exists()

    def test_a_transfer_that_comes_first_shuts_the_cards_page(self):
        order = transfer()
        payment = payments.open_attempt(order=order, provider="card", now=NOW)
        payments.name_reference(payment=payment, reference="cs_1")

        checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=NOW)

        assert Message.objects.filter(topic="payments.close").count() == 1
        order.refresh_from_db()
        assert order.payment_method == "bank_transfer"


class TestCode:
    def address(self, order, token=None):
        path = reverse("payments:transfer_code", args=[order.number])
        return f"{path}?t={order.link_token if token is None else token}"

    def test_a_transfer_in_euro_can_be_scanned(self, client):
        order = transfer()
        Order.objects.filter(pk=order.pk).update(currency="EUR")

        answer = client.get(self.address(order))

        assert answer["Content-Type"] == "image/svg+xml"
        assert answer["Cache-Control"].startswith("private")
        assert b"<svg" in answer.content

    def test_a_stranger_and_other_currencies_get_none(self, client):
        order = transfer()
        assert client.get(self.address(order)).status_code == 404

        Order.objects.filter(pk=order.pk).update(currency="EUR")
        assert client.get(self.address(order, token="x")).status_code == 404

    def test_nor_does_an_order_that_asks_for_nothing(self, client):
        order = transfer()
        Order.objects.filter(pk=order.pk).update(currency="EUR", status="expired")

        assert client.get(self.address(order)).status_code == 404


class TestCheckout:
    def cart(self, client, quantity=1):
        line = CartLineFactory(quantity=quantity)
        checkout_of()
        client.cookies["cart"] = line.cart.token
        return line.cart

    def test_each_open_method_is_offered_with_its_words(self, client):
        self.cart(client)

        text = client.get("/checkout/").content.decode()

        for words in ("Card", "Bank transfer", "Cash on delivery"):
            assert words in text
        assert 'value="invoice"' not in text

    def test_above_its_limit_cash_is_no_choice_and_refused_in_words(self, client):
        self.cart(client, quantity=10)
        typed = {
            "email": "alice@example.com", "name": "Alice", "country": "GB",
            "line1": "12 Row", "city": "London", "postcode": "N1 9GU",
            "shipping_method": "tracked-48", "payment_method": "cash_on_delivery",
        }  # fmt: skip

        answer = client.post("/checkout/", typed)

        text = answer.content.decode()
        assert answer.status_code == 409
        assert "up to 200.00 GBP" in text
        assert 'value="cash_on_delivery"' not in text
        assert not Order.objects.exists()

    def test_an_order_that_is_sent_first_leads_to_its_own_page(self, client):
        self.cart(client)
        typed = {
            "email": "alice@example.com", "name": "Alice", "country": "GB",
            "line1": "12 Row", "city": "London", "postcode": "N1 9GU",
            "shipping_method": "tracked-48", "payment_method": "cash_on_delivery",
        }  # fmt: skip

        answer = client.post("/checkout/", typed)

        order = Order.objects.get()
        assert answer["Location"].startswith(order.get_absolute_url())
        assert order.status == "confirmed"


def test_an_order_that_waits_says_until_when():
    order = transfer()

    assert methods.pay_until(order) == (NOW + dt.timedelta(days=7)).date()


def test_the_button_leads_a_transfers_buyer_to_the_providers_page(client, provider):
    order = transfer()

    answer = client.post(reverse("payments:pay", args=[order.number]) + f"?t={order.link_token}")

    payment = Payment.objects.get(provider="card")
    assert payment.provider_ref in answer["Location"]
    order.refresh_from_db()
    assert order.payment_method == "bank_transfer"
