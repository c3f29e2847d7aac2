"""Gift cards from the shop: bought, made, spent; and what reconcile finds when one is wrong."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import Extra
from orders.models import CartCode, Order
from payments.gateways.base import Standing, State
from payments.models import ValueAccount
from payments.services import payments
from shop.outbox.models import Message
from shop.processes import bookkeeping, checkout, fulfilment
from tests.factories import CartLineFactory, checkout_of, in_stock
from tests.factories.specials import extra_of
from tests.factories.value import gift_card, gift_card_variant

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


class TestBuyingCards:
    def test_a_card_comes_to_be_with_its_money_and_not_before(self):
        cart = basket(variant=gift_card_variant("25"), quantity=2)
        order = place(cart)
        assert not ValueAccount.objects.exists()

        order = charge(order)

        cards = ValueAccount.objects.order_by("unit")
        assert [(card.unit, card.balance) for card in cards] == [(1, 25), (2, 25)]
        assert order.status == Status.COMPLETED
        assert Message.objects.filter(topic="mail.gift_card").count() == 2
        assert order.total == 50
        assert_books_agree()

    def test_what_the_buyer_wrote_reaches_the_card(self):
        variant = gift_card_variant()
        day = (NOW + dt.timedelta(days=30)).date().isoformat()
        fields = {
            Extra.Role.TO: (Extra.Kind.TEXT, "Bob"),
            Extra.Role.ADDRESS: (Extra.Kind.EMAIL, "bob@example.com"),
            Extra.Role.WORDS: (Extra.Kind.TEXT, "For you"),
            Extra.Role.DAY: (Extra.Kind.DATE, day),
        }
        answers = [
            {
                "extra": extra_of(variant, role.label, kind=kind, amount=None, role=role).pk,
                "value": value,
            }
            for role, (kind, value) in fields.items()
        ]

        charge(place(basket(variant=variant, answers=answers)))

        card = ValueAccount.objects.get()
        assert (card.recipient_name, card.recipient_email) == ("Bob", "bob@example.com")
        assert (card.words, card.send_on.isoformat()) == ("For you", day)

    def test_a_card_bought_today_pays_tomorrow(self):
        charge(place(basket(variant=gift_card_variant("25"))))
        card = ValueAccount.objects.get()

        order = place(basket(card))

        assert payments.left_to_pay(order) == max(0, order.total - 25)
        assert_books_agree()


def sql(text):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table payments_valueentry disable trigger value_entry_stays")
        cursor.execute(text)


BREAKS = {
    "value.balances": "update payments_valueaccount set balance = 3",
    "value.chain": "update payments_valueentry set balance_after = 1 where kind = 'debit_hold'",
    "value.payments": "update payments_valueentry set amount = -1 where kind = 'debit_hold'",
    "value.refunds": "update payments_valueentry set amount = 1 where source like 'refund-%'",
    "value.holds": "update payments_payment set authorized = 1 where provider = 'gift_card'",
    "value.cards": "update orders_orderline set quantity = quantity + 1",
    "payments.events": "update payments_payment set authorized = 1 where provider = 'gift_card'",
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_promise_is_found(name):
    bought = charge(place(basket(variant=gift_card_variant("25"))))
    order = place(basket(gift_card("100")))
    fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=timezone.now())
    assert bought.status == Status.COMPLETED
    assert_books_agree()

    sql(BREAKS[name])

    assert name in {one.name for one in bookkeeping.reconcile(now=timezone.now())}
