"""Two people and a clock decide about one order at once: real threads, one outcome."""

import datetime as dt

import pytest
from django.utils import timezone

from orders.models import Hold, Order
from payments.models import Payment, RiskAssessment, RiskRule
from shop.lib.errors import Refused
from shop.outbox.models import Message
from shop.processes import checkout, fulfilment, verifying
from shop.processes.fulfilment import Parcel
from tests.factories import paid_order, placed_order, stock_of
from tests.payments.risk.signs_of import AMERICAN, held_order, only, pay, with_card
from tests.processes.test_stored_value_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
Verdict = RiskAssessment.Verdict


def tried(job):
    """The job, telling "done" or that it was refused."""

    def run():
        try:
            job()
        except Refused as refusal:
            return type(refusal).__name__
        return "done"

    return run


def accepting(order):
    return tried(
        lambda: verifying.accept_risk(
            order_id=order.pk, reason="Fine", actor=None, now=timezone.now()
        )
    )


def rejecting(order):
    return tried(
        lambda: verifying.reject(order_id=order.pk, reason="Fraud", actor=None, now=timezone.now())
    )


def refunds():
    return Message.objects.filter(topic="payments.refund").count()


def test_of_two_people_who_decide_at_once_one_is_heard():
    for _round in range(3):
        order = held_order()

        told = at_once([accepting(order), rejecting(order), accepting(order), rejecting(order)])

        order.refresh_from_db()
        assert sorted(told) == ["AlreadyDecided"] * 3 + ["done"]
        is_confirmed = order.status == Order.Status.CONFIRMED
        assert order.risk.verdict == (Verdict.ACCEPTED if is_confirmed else Verdict.REJECTED)
        assert order.events.filter(axis="status").count() == 2
        assert order.events.filter(axis="hold", to_state="released").count() == 1
        assert Message.objects.filter(key=f"order-{order.number}-canceled").count() == (
            0 if is_confirmed else 1
        )


def test_a_decision_while_the_webhook_brings_the_money_again_counts_once():
    order = held_order()
    payment = Payment.objects.get(order=order)

    told = at_once([accepting(order), lambda: pay(payment), lambda: pay(payment)])

    order.refresh_from_db()
    assert told[0] == "done"
    assert order.status == Order.Status.CONFIRMED
    assert order.events.filter(axis="status", to_state="confirmed").count() == 1
    assert Hold.objects.filter(order=order).count() == 1


def test_a_rejection_while_the_money_comes_leaves_nothing_with_the_shop():
    only(RiskRule.Kind.ADDRESS_CHECK, {"checks": ["cvc"]})
    order = placed_order()
    payment = with_card(order, AMERICAN)
    verifying.hold(order_id=order.pk, kind="other", reason="Odd", actor=None, now=timezone.now())

    told = at_once([rejecting(order), lambda: pay(payment)])

    order.refresh_from_db()
    assert told[0] == "done"
    assert order.status == Order.Status.CANCELED
    assert refunds() == 1
    assert stock_of(order.lines.get().variant)[1] == 0


def test_an_order_that_is_decided_does_not_expire_meanwhile():
    order = held_order()
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now() - dt.timedelta(days=1))

    at_once([accepting(order), lambda: checkout.expire(now=timezone.now())])

    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED


def test_a_hold_and_a_parcel_at_once_leave_a_sent_order_or_a_held_one():
    for _round in range(3):
        order = paid_order()
        stopping = tried(
            lambda pk=order.pk: verifying.hold(
                order_id=pk, kind="address", reason="Odd", actor=None, now=timezone.now()
            )
        )
        sending = tried(
            lambda pk=order.pk: fulfilment.dispatch(
                order_id=pk, quantities=None, parcel=Parcel(), actor=None, now=timezone.now()
            )
        )

        told = at_once([stopping, sending])

        assert sorted(told) == ["NotNow", "done"]
        is_held = Hold.objects.filter(order=order, released_at=None).exists()
        assert is_held is (told[0] == "done")


def test_one_release_of_two_at_once_lets_the_order_go_on():
    order = placed_order(payment_method="bank_transfer")
    hold = verifying.hold(
        order_id=order.pk, kind="address", reason="Odd", actor=None, now=timezone.now()
    )
    checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=timezone.now())
    releasing = tried(
        lambda: verifying.release(hold_id=hold.pk, reason="Ok", actor=None, now=timezone.now())
    )

    told = at_once([releasing, releasing, releasing])

    order.refresh_from_db()
    assert sorted(told) == ["AlreadyDecided", "AlreadyDecided", "done"]
    assert order.status == Order.Status.CONFIRMED
    assert order.events.filter(axis="status", to_state="confirmed").count() == 1
