"""Payment events in the books, whoever writes them."""

from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import Payment, PaymentEvent, Refund
from payments.services import payments
from payments.services.books.roles import Role
from payments.services.payments import Fact
from tests.factories.value import bare_order
from tests.payments.books.reading import balance, check_now

pytestmark = pytest.mark.django_db
NOW = timezone.now()
Kind, Stage = PaymentEvent.Kind, PaymentEvent.Stage
PLACES = {
    "card": "provider",
    "bank_transfer": "bank",
    "invoice": "bank",
    "cash_on_delivery": "carriers",
    "gift_card": "value_held",
    "store_credit": "value_held",
}


def payment_by(provider="card", **fields):
    return Payment.objects.create(
        order=bare_order(**fields),
        provider=provider,
        amount=Decimal(30),
        currency="GBP",
        created_at=NOW,
    )


def tell(payment, kind, stage, amount="30.00", reference="pi_1"):
    fact = Fact(kind, stage, Decimal(amount), reference)
    return payments.record(payment=payment, fact=fact, now=NOW)


def balances():
    check_now()
    return {role: amount for role in Role if (amount := balance(role))}


def asked(payment, **fields):
    """A refund of ten pounds that was decided, by its name."""
    refund = Refund.objects.create(payment=payment, amount=Decimal(10), requested_at=NOW, **fields)
    tell(payment, Kind.REFUND, Stage.REQUEST, "10.00", refund.idempotency_key)
    return refund.idempotency_key


def give_back(payment, **fields):
    key = asked(payment, **fields)
    tell(payment, Kind.REFUND, Stage.SUCCESS, "10.00", key)
    return key


@pytest.mark.parametrize(("provider", "place"), PLACES.items())
def test_money_arrives_where_its_provider_has_it(provider, place):
    tell(payment_by(provider), Kind.CHARGE, Stage.SUCCESS)

    assert balances() == {place: 30, "customers": -30}


@pytest.mark.parametrize(
    ("kind", "stage"),
    [
        (Kind.CHARGE, Stage.REQUEST),
        (Kind.CHARGE, Stage.FAILURE),
        (Kind.AUTHORIZE, Stage.SUCCESS),
        (Kind.REFUND, Stage.REQUEST),
    ],
)
def test_what_moves_no_money_is_not_booked(kind, stage):
    payment = payment_by()
    tell(payment, Kind.CHARGE, Stage.SUCCESS)

    tell(payment, kind, stage, "10.00", "other")

    assert balances() == {"provider": 30, "customers": -30}


def test_news_that_comes_again_is_not_booked_again():
    payment = payment_by()

    tell(payment, Kind.CHARGE, Stage.SUCCESS)
    tell(payment, Kind.CHARGE, Stage.SUCCESS)

    assert balances() == {"provider": 30, "customers": -30}


def test_a_refund_goes_the_way_the_payment_came():
    payment = payment_by()
    tell(payment, Kind.CHARGE, Stage.SUCCESS)

    give_back(payment)

    assert balances() == {"provider": 20, "customers": -20}


def test_a_refund_paid_by_hand_left_the_bank():
    payment = payment_by("cash_on_delivery")
    tell(payment, Kind.CHARGE, Stage.SUCCESS)

    give_back(payment, provider_ref="hand-7")

    assert balances() == {"carriers": 30, "bank": -10, "customers": -20}


def test_a_refund_onto_credit_is_booked_by_the_credit_alone():
    payment = payment_by()
    tell(payment, Kind.CHARGE, Stage.SUCCESS)

    give_back(payment, provider_ref="credit-3-1")

    assert balances() == {"provider": 30, "customers": -30}


def test_a_refund_that_fails_after_all_comes_back():
    payment = payment_by()
    tell(payment, Kind.CHARGE, Stage.SUCCESS)
    key = give_back(payment)

    tell(payment, Kind.REFUND, Stage.FAILURE, "10.00", key)

    assert balances() == {"provider": 30, "customers": -30}


def test_a_refund_that_was_refused_moved_nothing():
    payment = payment_by()
    tell(payment, Kind.CHARGE, Stage.SUCCESS)
    key = asked(payment)

    tell(payment, Kind.REFUND, Stage.FAILURE, "10.00", key)

    assert balances() == {"provider": 30, "customers": -30}


@pytest.mark.parametrize(
    ("end", "left"),
    [
        (None, {"disputed": 30, "customers": -30}),
        (Stage.SUCCESS, {"charge_backs": 30, "customers": -30}),
        (Stage.FAILURE, {"provider": 30, "customers": -30}),
    ],
    ids=["open", "lost", "won"],
)
def test_a_disputed_payment_is_neither_here_nor_there(end, left):
    payment = payment_by()
    tell(payment, Kind.CHARGE, Stage.SUCCESS)

    tell(payment, Kind.CHARGE_BACK, Stage.REQUEST, reference="dispute-1")
    if end:
        tell(payment, Kind.CHARGE_BACK, end, reference="dispute-1")

    assert balances() == left


def test_money_is_valued_at_its_orders_rate():
    payment = payment_by(exchange_rate=Decimal("0.85"))
    Payment.objects.update(currency="EUR")
    payment.refresh_from_db()

    tell(payment, Kind.CHARGE, Stage.SUCCESS)

    assert balance(Role.PROVIDER, base=True) == Decimal("25.50")
