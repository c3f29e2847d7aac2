"""Paying with gift cards and credit: held, settled or put back, and never twice."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Order
from payments.gateways import GATEWAYS, gateway
from payments.models import Payment, PaymentEvent
from payments.services import payments, stored_value
from payments.services.payments import NothingLeft
from shop.lib.workdays import shop_day
from tests.factories.value import bare_order, customer, gift_card, store_credit

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = shop_day(NOW)
Status = Order.Payment


def days(count):
    return TODAY + dt.timedelta(days=count)


def hold(order, *cards, owner=None):
    return stored_value.hold(
        order=order, digests=[card.digest for card in cards], customer=owner, now=NOW
    )


def balance_of(account):
    account.refresh_from_db()
    return account.balance


def kinds(account):
    return list(account.entries.order_by("pk").values_list("kind", flat=True))


class TestUsable:
    def test_what_runs_out_first_pays_first(self):
        owner = customer()
        never = gift_card(expires_on=None)
        late = gift_card(expires_on=days(30))
        credit = store_credit(owner=owner, expires_on=days(30))
        soon = gift_card(expires_on=days(3))

        found = stored_value.usable(
            digests=[one.digest for one in (never, late, soon)],
            customer=owner,
            currency="GBP",
            on=TODAY,
        )

        assert found == [soon, late, credit, never]

    def test_only_what_can_pay_is_offered(self):
        cards = [
            gift_card(expires_on=days(-1)),
            gift_card(currency="EUR"),
            gift_card(is_active=False),
        ]
        good = gift_card(expires_on=TODAY)

        found = stored_value.usable(
            digests=[one.digest for one in (*cards, good)], customer=None, currency="GBP", on=TODAY
        )

        assert found == [good]

    def test_credit_pays_for_its_owner_only(self):
        store_credit(owner=customer())

        asked = {"digests": [], "currency": "GBP", "on": TODAY}

        assert not stored_value.usable(customer=None, **asked)
        assert not stored_value.usable(customer=customer("bob@example.com"), **asked)
        assert stored_value.usable(customer=customer(), **asked)

    @pytest.mark.parametrize(
        ("fields", "currency", "word"),
        [
            ({"expires_on": days(-1)}, "GBP", "ran out"),
            ({}, "EUR", "GBP"),
            ({"is_active": False}, "GBP", "can't be used"),
            ({"expires_on": TODAY}, "GBP", ""),
        ],
    )
    def test_says_why_a_card_cannot_pay(self, fields, currency, word):
        told = stored_value.problem(gift_card(**fields), currency=currency, on=TODAY)

        assert word in told
        assert bool(told) == bool(word)


class TestShares:
    def test_each_pays_all_it_can_before_the_next(self):
        first, second, third = gift_card("10"), gift_card("20"), gift_card("30")

        found = stored_value.shares([first, second, third], Decimal(25))

        assert [(one.account, one.amount) for one in found] == [(first, 10), (second, 15)]


class TestHolding:
    def test_a_card_pays_a_part_and_the_rest_is_left(self):
        card, order = gift_card("20"), bare_order("30")

        left = hold(order, card)

        payment = Payment.objects.get(order=order)
        assert left == 10
        assert balance_of(card) == 0
        assert (payment.provider, payment.amount, payment.authorized) == ("gift_card", 20, 20)
        assert payments.left_to_pay(order) == 10

    def test_two_cards_and_credit_pay_one_order(self):
        owner, order = customer(), bare_order("60")
        cards = gift_card("20"), gift_card("10")
        credit = store_credit("50", owner=owner)

        left = hold(order, *cards, owner=owner)

        assert left == 0
        assert balance_of(credit) == 20
        assert [one.name for one in payments.paid_with(order)] == [
            f"Gift card …{cards[0].last4}",
            f"Gift card …{cards[1].last4}",
            "Store credit",
        ]

    def test_asking_again_holds_nothing_more(self):
        card, order = gift_card("50"), bare_order("30")

        assert hold(order, card) == 0
        assert hold(order, card) == 0

        assert balance_of(card) == 20

    def test_an_order_without_cards_has_all_left_to_pay(self):
        assert hold(bare_order("30")) == 30

    def test_settling_charges_and_moves_no_balance(self):
        card, order = gift_card("50"), bare_order("30")
        hold(order, card)

        stored_value.settle(order=order, now=NOW)
        stored_value.settle(order=order, now=NOW)

        payment = Payment.objects.get(order=order)
        assert (payment.charged, payment.authorized, payment.is_open) == (30, 0, False)
        assert balance_of(card) == 20
        assert payments.status_of(order) == Status.PAID

    def test_releasing_puts_it_back_once(self):
        card, order = gift_card("50"), bare_order("30")
        hold(order, card)

        stored_value.release(order=order, now=NOW)
        stored_value.release(order=order, now=NOW)

        payment = Payment.objects.get(order=order)
        assert (payment.charged, payment.authorized, payment.is_open) == (0, 0, False)
        assert balance_of(card) == 50
        assert kinds(card) == ["credit", "debit_hold", "debit_revert"]

    def test_what_was_paid_is_not_released(self):
        card, order = gift_card("50"), bare_order("30")
        hold(order, card)
        stored_value.settle(order=order, now=NOW)

        stored_value.release(order=order, now=NOW)

        assert balance_of(card) == 20

    def test_money_that_comes_back_can_be_spent_for_a_while(self):
        card, order = gift_card("50", expires_on=TODAY), bare_order("30")
        hold(order, card)

        stored_value.release(order=order, now=NOW + dt.timedelta(days=7))

        assert balance_of(card) == 50
        assert card.expires_on > days(60)


class TestSplitting:
    def test_the_provider_is_asked_for_the_rest_only(self):
        order = bare_order("30")
        hold(order, gift_card("20"))

        attempt = payments.open_attempt(order=order, provider="card", now=NOW)

        assert attempt.amount == 10
        assert payments.open_attempt(order=order, provider="card", now=NOW) == attempt
        assert payments.status_of(order) == Status.PENDING

    def test_nothing_is_asked_of_a_provider_for_an_order_held_in_full(self):
        order = bare_order("20")
        hold(order, gift_card("20"))

        with pytest.raises(NothingLeft):
            payments.open_attempt(order=order, provider="card", now=NOW)

        assert payments.status_of(order) == Status.AUTHORIZED

    def test_another_amount_takes_the_place_of_an_open_attempt(self):
        order = bare_order("30")
        first = payments.open_attempt(order=order, provider="bank_transfer", now=NOW)
        hold(order, gift_card("20"))

        second = payments.open_attempt(order=order, provider="bank_transfer", now=NOW)

        first.refresh_from_db()
        assert (first.amount, first.is_open) == (30, False)
        assert (second.amount, second.attempt, second.is_open) == (10, 2, True)

    def test_the_sums_of_a_card_payment_are_no_different(self):
        order = bare_order("30")
        payment = payments.open_attempt(order=order, provider="card", now=NOW)
        fact = payments.Fact(PaymentEvent.Kind.CHARGE, PaymentEvent.Stage.SUCCESS, Decimal(30), "x")

        payments.record(payment=payment, fact=fact, now=NOW)

        assert (payment.charged, payment.authorized) == (30, 0)
        assert payments.status_of(order) == Status.PAID

    @pytest.mark.parametrize("code", ["gift_card", "store_credit"])
    def test_a_balance_has_a_name_and_is_no_choice_of_its_own(self, code):
        assert gateway(code).name
        assert code not in GATEWAYS
