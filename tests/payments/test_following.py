"""Refunds and disputes at the provider: looked at until they have ended, whoever tells or doesn't."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import Dispute, GrantedRefund, Payment, Refund
from payments.services.grants import Asked
from shop import tasks
from shop.outbox.models import Message
from shop.processes import disputing, following, refunding
from tests.payments.provider import charged_order, run

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


def later():
    return now() + dt.timedelta(hours=1)


def paid(provider):
    order = charged_order(provider)
    return order, Payment.objects.get(order=order)


def kit(provider, path, **words):
    answer = provider.web.post(f"/_kit/{path}", json=words)
    answer.raise_for_status()
    return answer.json()


def give(order, amount, key):
    return refunding.refund(
        order_id=order.pk,
        asked=Asked(goodwill=Decimal(amount)),
        to="origin",
        reason="Chipped",
        key=key,
        actor=None,
        now=now(),
    )


def test_a_refund_in_three_parts_is_paid_in_three(provider):
    order, payment = paid(provider)

    for number, amount in enumerate(["5.00", "7.00", str(order.total - 12)]):
        give(order, amount, f"form-{number}")
    for message in Message.objects.filter(topic="payments.refund"):
        tasks.pay_back.app.tasks["payments.refund"](message_id=message.pk)

    order.refresh_from_db()
    payment.refresh_from_db()
    assert payment.refunded == payment.charged == order.total
    assert order.payment_status == "refunded"
    assert not GrantedRefund.objects.filter(settled_at=None).exists()
    amounts = sorted(row["amount"] for row in provider.ledger()["refunds"])
    assert amounts == sorted([500, 700, int(order.total * 100) - 1200])


def test_a_pending_refund_is_found_by_the_clock(provider):
    order, _payment = paid(provider)
    provider.break_down(refunds="pending")
    made = give(order, "5.00", "form-1")
    run("payments.refund")
    refund = Refund.objects.get()
    assert refund.status == "pending"

    kit(provider, f"refunds/{refund.provider_ref}/succeed")
    assert following.look_at_refunds(now=later) == 1

    made.refresh_from_db()
    refund.refresh_from_db()
    assert (refund.status, made.settled_at is not None) == ("succeeded", True)
    assert following.look_at_refunds(now=later) == 0


def test_a_refund_nobody_was_asked_for_is_asked_for_by_the_clock(provider):
    order, _payment = paid(provider)
    give(order, "5.00", "form-1")

    following.look_at_refunds(now=later)
    following.look_at_refunds(now=later)

    assert Refund.objects.get().status == "succeeded"
    assert len(provider.ledger()["refunds"]) == 1


def test_a_dispute_nobody_told_of_is_found_by_the_clock(provider):
    order, payment = paid(provider)
    found = kit(provider, "dispute", payment_intent=payment.charge_ref)

    assert following.look_at_disputes(now=now) == 1
    kit(provider, f"disputes/{found['id']}/won")
    following.look_at_disputes(now=now)
    following.look_at_disputes(now=now)

    payment.refresh_from_db()
    dispute = Dispute.objects.get()
    assert (dispute.provider_ref, dispute.status) == (found["id"], "won")
    assert (payment.disputed, dispute.amount) == (0, order.total)


def test_our_side_is_handed_in_and_decides(provider):
    _order, payment = paid(provider)
    kit(provider, "dispute", payment_intent=payment.charge_ref)
    following.look_at_disputes(now=now)
    dispute = Dispute.objects.get()
    disputing.keep_statement(dispute_id=dispute.pk, statement="losing_evidence")
    disputing.submit(dispute_id=dispute.pk, actor=None, now=now())

    run("payments.answer_dispute")
    following.look_at_disputes(now=now)

    dispute.refresh_from_db()
    payment.refresh_from_db()
    assert dispute.status == "lost"
    assert Payment.objects.get().disputed == dispute.amount
