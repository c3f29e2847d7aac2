"""Money held first and taken when goods leave, in parts, or let go."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import Capture, Payment, PaymentEvent
from payments.services import methods, payments
from payments.services.captures import TooMuchTaken
from payments.services.voids import NothingHeld
from shop.processes import asking, capturing, fulfilment, shortages
from shop.processes.fulfilment import Parcel
from tests.factories import in_stock, placed_order
from tests.payments.provider import begin, charge, look, work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def manual():
    card = methods.of("card")
    card.capture = "manual"
    card.save(update_fields=["capture"])


@pytest.fixture
def held(provider):
    """An order of four, its money held."""
    order = placed_order(variant=in_stock(10), quantity=4)
    return charge(provider, order)


def send(order, quantities=None):
    fulfilment.dispatch(
        order_id=order.pk,
        quantities=quantities,
        parcel=Parcel("Royal Mail", "QB123456789GB"),
        actor=None,
        now=timezone.now(),
    )


def take(payment, amount, *, is_final=False):
    return capturing.request_capture(
        payment_id=payment.pk,
        amount=Decimal(amount),
        is_final=is_final,
        actor=None,
        now=timezone.now(),
    )


def let_go(payment):
    capturing.request_void(
        payment_id=payment.pk, reason="not wanted", actor=None, now=timezone.now()
    )


def sums(payment):
    payment.refresh_from_db()
    return payment.authorized, payment.charge_pending, payment.charged


def status(payment):
    payment.order.refresh_from_db()
    return payment.order.status, payment.order.payment_status


def test_money_is_held_and_the_order_counts(held):
    assert sums(held) == (held.amount, 0, 0)
    assert not held.is_open
    assert status(held) == ("confirmed", "authorized")
    assert payments.left_to_pay(held.order) == 0


def test_what_is_kept_of_a_card_names_it_and_judges_a_risk(held):
    assert {**held.card, "capture_before": 0} == {
        "brand": "visa",
        "last4": "4242",
        "country": "GB",
        "funding": "credit",
        "risk_level": "normal",
        "risk_score": 12,
        "checks": {"cvc": "pass", "postcode": "pass"},
        "capture_before": 0,
    }
    assert held.fingerprint


def test_two_parcels_take_the_money_in_two_parts(provider, held):
    line = held.order.lines.get()
    send(held.order, {line.pk: 1})
    first = line.gross / 4 + held.order.shipping_gross
    assert sums(held) == (held.amount, first, 0)

    work()
    assert sums(held) == (held.amount - first, 0, first)
    assert status(held) == ("confirmed", "authorized")
    send(held.order)
    work()

    assert sums(held) == (0, 0, held.amount)
    assert status(held) == ("completed", "paid")
    assert [one["amount_captured"] for one in provider.ledger()["charges"]] == [
        int(held.amount * 100)
    ]


def test_a_part_and_the_rest_let_go(provider, held):
    take(held, 10, is_final=True)
    work()

    assert sums(held) == (0, 0, 10)
    assert provider.ledger()["intents"][0]["amount_received"] == 1000


def test_no_more_is_taken_than_is_held(held):
    take(held, held.amount - 1)

    with pytest.raises(TooMuchTaken):
        take(held, 2)
    with pytest.raises(NothingHeld):
        let_go(held)


def test_a_hold_that_is_let_go_is_let_go_at_the_provider(provider, held):
    let_go(held)
    let_go(held)
    assert PaymentEvent.objects.filter(kind="void").count() == 1

    work()

    assert sums(held) == (0, 0, 0)
    assert provider.ledger()["intents"][0]["status"] == "canceled"
    assert status(held) == ("confirmed", "pending")


def test_cancelling_lets_the_hold_go(provider, held):
    fulfilment.cancel(order_id=held.order.pk, reason="broken", actor=None, now=timezone.now())

    work()

    assert provider.ledger()["intents"][0]["status"] == "canceled"
    assert status(held) == ("canceled", "voided")


def test_a_capture_with_a_lost_answer_is_asked_again_under_the_same_key(provider, held):
    take(held, 10)
    provider.break_down(fail_after=1.0)
    work()
    provider.break_down(fail_after=0.0)

    assert sums(held) == (held.amount - 10, 0, 10)


def test_a_capture_that_nobody_worked_is_found_by_the_clock(held):
    take(held, 10)

    asking.sweep(now=lambda: timezone.now() + dt.timedelta(minutes=3))

    assert sums(held) == (held.amount - 10, 0, 10)
    assert Capture.objects.get().status == "succeeded"


def test_a_capture_that_was_done_long_ago_is_not_done_again(provider, held):
    """The key is forgotten by now: it is looked what became of the call."""
    capture = take(held, 10)
    asking.gateway("card").capture(capture)
    provider.standin.desk.store.replays.clear()

    asking.sweep(now=lambda: timezone.now() + dt.timedelta(days=2))

    assert sums(held) == (held.amount - 10, 0, 10)
    assert provider.ledger()["intents"][0]["amount_received"] == 1000


def test_a_void_that_nobody_worked_is_found_by_the_clock(provider, held):
    let_go(held)

    asking.sweep(now=lambda: timezone.now() + dt.timedelta(minutes=3))

    assert sums(held) == (0, 0, 0)


def test_a_hold_that_ran_out_stops_the_order(client, provider, held):
    provider.kit("advance", seconds=8 * 24 * 3600)

    provider.tell(client)

    assert sums(held) == (0, 0, 0)
    assert status(held) == ("confirmed", "pending")
    assert "ran out" in held.order.holds.get().reason


def test_a_late_capture_of_a_hold_that_ran_out_is_refused(provider, held):
    provider.kit("advance", seconds=8 * 24 * 3600)
    take(held, 10)

    work()

    assert Capture.objects.get().status == "failed"
    assert sums(held) == (0, 0, 0)


def test_what_was_taken_at_the_providers_own_pages_is_ours_too(provider, held):
    provider.web.post(
        f"/v1/payment_intents/{held.charge_ref}/capture",
        headers={"Authorization": "Bearer sk_test_x"},
    ).raise_for_status()

    look(held)

    assert sums(held) == (0, 0, held.amount)
    assert status(held) == ("confirmed", "paid")


def test_money_held_for_an_order_that_was_called_off_is_let_go(provider, held):
    """The hold came to be while the order was being cancelled."""
    order = placed_order(quantity=1, email="b@example.com")
    payment = charge_late(provider, order)

    assert sums(payment) == (0, 0, 0)
    order.refresh_from_db()
    assert order.status == "canceled"


def charge_late(provider, order):
    begin(order)
    payment = Payment.objects.get(order=order)
    provider.pay(payment.provider_ref).raise_for_status()
    fulfilment.cancel(order_id=order.pk, reason="changed mind", actor=None, now=timezone.now())
    work()
    return Payment.objects.get(pk=payment.pk)


def test_what_is_not_sent_is_not_held():
    order = placed_order()
    order.lines.update(is_shipped=False)

    payment = payments.open_attempt(order=order, provider="card", now=timezone.now())

    assert not payment.is_manual


def test_what_is_cancelled_of_a_part_sent_order_is_let_go(held, provider):
    line = held.order.lines.get()
    send(held.order, {line.pk: 3})
    work()
    first = held.order.lines.get().gross * 3 / 4 + held.order.shipping_gross

    shortages.cancel_units(
        order_id=held.order_id,
        units={line.pk: 1},
        reason="None left",
        key="1",
        actor=None,
        now=timezone.now(),
    )
    work()

    assert sums(held) == (0, 0, first)
    assert status(held) == ("completed", "paid")
