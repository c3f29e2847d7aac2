"""Orders paid with gift cards and credit, from the basket to the refund."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import CartCode, Order
from payments.gateways.base import Standing, State
from payments.models import Payment, Refund, ValueAccount
from payments.services import payments
from shop.processes import bookkeeping, checkout, fulfilment, giving
from tests.factories import CartLineFactory, checkout_of, in_stock
from tests.factories.value import customer, gift_card, store_credit

pytestmark = pytest.mark.django_db
NOW = timezone.now()
Status = Order.Status


def basket(*cards, price="20.00", owner=None, variant=None, **fields):
    """A cart with one piece, and these cards entered."""
    line = CartLineFactory(variant=variant or in_stock(price=Decimal(price)), **fields)
    line.cart.customer = owner
    line.cart.save()
    for card in cards:
        line.cart.codes.create(
            kind=CartCode.Kind.GIFT_CARD, value=card.digest, shown=f"…{card.last4}", added_at=NOW
        )
    return line.cart


def place(cart, method="card"):
    return checkout.place_order(cart=cart, choice=checkout_of(method), now=NOW)


def charge(order, provider="card"):
    payment = payments.open_attempt(order=order, provider=provider, now=NOW)
    standing = Standing(State.CHARGED, payment.amount, payment.currency, f"pi_{payment.pk}")
    return checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=NOW)


def balance_of(account):
    account.refresh_from_db()
    return account.balance


def assert_books_agree():
    assert [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken] == []


class TestPaying:
    def test_a_card_that_covers_all_pays_at_once(self):
        card = gift_card("100")

        order = place(basket(card))

        assert order.status == Status.CONFIRMED
        assert order.payment_status == Order.Payment.PAID
        assert balance_of(card) == 100 - order.total
        assert Payment.objects.get(order=order).charged == order.total
        assert_books_agree()

    def test_the_provider_takes_what_the_card_leaves(self):
        card = gift_card("15")
        order = place(basket(card))
        assert order.payment_status == Order.Payment.PENDING

        order = charge(order)

        paid = {one.provider: one.charged for one in Payment.objects.filter(order=order)}
        assert paid == {"gift_card": 15, "card": order.total - 15}
        assert order.payment_status == Order.Payment.PAID
        assert_books_agree()

    def test_credit_of_whoever_is_signed_in_pays_too(self):
        owner = customer()
        credit, card = store_credit("5", owner=owner), gift_card("10")

        order = place(basket(card, owner=owner))

        assert payments.left_to_pay(order) == order.total - 15
        assert balance_of(credit) == 0

    def test_a_transfer_waits_for_the_rest_only(self):
        order = place(basket(gift_card("15")), "bank_transfer")

        order = checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=NOW)

        assert order.payment_status == Order.Payment.PAID
        assert Payment.objects.get(provider="bank_transfer").charged == order.total - 15
        assert_books_agree()


class TestComingBack:
    def test_an_order_that_is_never_paid_gives_the_money_back(self):
        card = gift_card("15")
        order = place(basket(card))

        checkout.expire(now=NOW + dt.timedelta(hours=2))

        order.refresh_from_db()
        assert order.status == Status.EXPIRED
        assert balance_of(card) == 15
        assert_books_agree()

    def test_calling_off_before_the_rest_is_paid_gives_the_money_back(self):
        card = gift_card("15")
        order = place(basket(card))

        fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=NOW)

        assert balance_of(card) == 15
        assert not Refund.objects.exists()
        assert_books_agree()

    def test_calling_off_a_paid_order_gives_each_its_own_back(self):
        card = gift_card("15")
        order = charge(place(basket(card)))

        fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=NOW)

        order.refresh_from_db()
        refunds = {one.payment.provider: one for one in Refund.objects.all()}
        assert balance_of(card) == 15
        assert refunds["gift_card"].status == Refund.Status.SUCCEEDED
        assert refunds["card"].status == Refund.Status.PENDING
        assert order.payment_status == Order.Payment.PARTIALLY_REFUNDED
        assert order.refunded == 15
        assert_books_agree()

    def test_money_that_comes_too_late_goes_back_and_the_card_is_free(self):
        card = gift_card("15")
        order = place(basket(card))
        payment = payments.open_attempt(order=order, provider="card", now=NOW)
        checkout.expire(now=NOW + dt.timedelta(hours=2))

        standing = Standing(State.CHARGED, payment.amount, payment.currency, "pi_late")
        checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=NOW)

        assert balance_of(card) == 15
        assert Refund.objects.get().payment == payment


class TestGivenCredit:
    def test_given_credit_adds_up(self):
        for _time in range(2):
            giving.give_credit(
                email="Alice@example.com",
                amount=Decimal(5),
                currency="GBP",
                reason="Sorry",
                actor=None,
                now=NOW,
            )

        assert ValueAccount.objects.get().balance == 10
