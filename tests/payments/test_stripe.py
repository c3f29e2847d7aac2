"""The card gateway, through Stripe's own SDK, against a peer that keeps Stripe's protocol."""

import datetime as dt

import pytest
from django.utils import timezone

from inventory.models import StockItem
from payments.gateways import GatewayUnreachable, State
from payments.models import Payment, PaymentEvent, Refund
from shop import tasks
from shop.outbox.models import Message
from shop.processes import asking, checkout, fulfilment
from tests.factories import placed_order
from tests.payments.provider import begin, charge, run, standing

pytestmark = pytest.mark.django_db


def test_the_hosted_page_asks_for_the_orders_total(provider):
    order = placed_order()

    url = begin(order)

    payment = Payment.objects.get()
    assert payment.provider_ref in url
    assert (standing(payment).state, standing(payment).amount) == (State.OPEN, order.total)


def test_starting_twice_leads_to_the_same_page(provider):
    order = placed_order()

    assert begin(order) == begin(order)
    assert len(provider.ledger()["sessions"]) == 1


def test_a_charge_is_seen_by_asking(provider):
    order = placed_order()

    charge(provider, order)

    order.refresh_from_db()
    assert order.payment_status == "paid"


def test_a_cut_line_after_the_request_repeats_the_same_attempt(provider):
    """The provider acted, the answer was lost: asking again must not open a second page."""
    order = placed_order()
    provider.break_down(fail_after=1.0)

    begin(order)
    begin(order)

    assert len(provider.ledger()["sessions"]) == 1
    assert Payment.objects.count() == 1


def test_a_provider_that_is_down_is_an_unclear_answer_and_asked_again_later(provider):
    order = placed_order()
    provider.break_down(fail_before=1.0)
    with pytest.raises(GatewayUnreachable):
        begin(order)

    provider.break_down(fail_before=0.0)
    begin(order)

    assert len(provider.ledger()["sessions"]) == 1
    assert Payment.objects.count() == 1


def test_a_refund_waits_for_a_provider_that_is_down(provider):
    order = placed_order()
    charge(provider, order)
    fulfilment.cancel(order_id=order.pk, reason="broken", actor=None, now=timezone.now())
    provider.break_down(fail_before=1.0)
    with pytest.raises(GatewayUnreachable):
        run("payments.refund")
    assert Refund.objects.get().status == "pending"

    provider.break_down(fail_before=0.0)
    run("payments.refund")

    assert Refund.objects.get().status == "succeeded"


def test_the_clock_finds_a_charge_nobody_told_us_about(provider):
    order = placed_order(now=timezone.now())
    begin(order)
    payment = Payment.objects.get()
    provider.pay(payment.provider_ref)
    Payment.objects.update(created_at=timezone.now() - dt.timedelta(minutes=5))

    tasks.reconcile_payments()

    order.refresh_from_db()
    assert order.payment_status == "paid"


def test_cancelling_a_paid_order_gives_the_money_back_once(provider):
    order = placed_order()
    payment = charge(provider, order)
    fulfilment.cancel(order_id=order.pk, reason="broken", actor=None, now=timezone.now())

    run("payments.refund")
    tasks.pay_back.app.tasks["payments.refund"](
        message_id=Message.objects.get(topic="payments.refund").pk
    )

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.payment_status, order.refunded) == ("refunded", order.total)
    assert payment.refunded == payment.charged == order.total
    assert [row["amount"] for row in provider.ledger()["refunds"]] == [int(order.total * 100)]


def test_a_refund_with_a_lost_answer_is_asked_again_under_the_same_key(provider):
    order = placed_order()
    charge(provider, order)
    fulfilment.cancel(order_id=order.pk, reason="broken", actor=None, now=timezone.now())
    provider.break_down(fail_after=1.0)

    run("payments.refund")

    assert Refund.objects.get().status == "succeeded"
    assert len(provider.ledger()["refunds"]) == 1


def test_cancelling_closes_the_open_page(provider):
    order = placed_order()
    begin(order)
    fulfilment.cancel(order_id=order.pk, reason="changed mind", actor=None, now=timezone.now())

    run("payments.close")

    payment = Payment.objects.get()
    assert standing(payment).state == State.CLOSED
    assert not payment.is_open


def paid_too_late(provider):
    order = placed_order()
    begin(order)
    payment = Payment.objects.get()
    provider.pay(payment.provider_ref)
    checkout.expire(now=timezone.now() + dt.timedelta(hours=2))
    return order


def test_a_page_paid_as_the_order_expired_brings_it_back(provider):
    order = paid_too_late(provider)

    run("payments.close")

    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("confirmed", "paid")


def test_a_page_paid_after_the_goods_were_gone_is_given_back(provider):
    order = paid_too_late(provider)
    StockItem.objects.update(on_hand=0)

    run("payments.close")
    run("payments.refund")

    order.refresh_from_db()
    assert (order.status, order.refunded) == ("expired", order.total)


def soon():
    return timezone.now() + dt.timedelta(minutes=3)


def test_an_attempt_whose_answer_was_lost_is_begun_again_under_the_same_key(provider):
    """Killed after the provider opened the page, before its name was written down."""
    order = placed_order()
    url = begin(order)
    provider.pay(Payment.objects.get().provider_ref)
    Payment.objects.update(provider_ref="")

    asking.catch_up(now=soon)

    order.refresh_from_db()
    payment = Payment.objects.get()
    assert order.payment_status == "paid"
    assert payment.provider_ref in url
    assert len(provider.ledger()["sessions"]) == 1


def test_an_attempt_that_no_provider_heard_of_is_begun_by_the_clock(provider):
    """Killed between our commit and the call."""
    order = placed_order()
    provider.break_down(fail_before=1.0)
    with pytest.raises(GatewayUnreachable):
        begin(order)
    provider.break_down(fail_before=0.0)

    asking.catch_up(now=soon)

    assert [row["id"] for row in provider.ledger()["sessions"]] == [
        Payment.objects.get().provider_ref
    ]


def test_a_lost_attempt_of_a_closed_order_is_looked_for_and_not_begun(provider):
    order = placed_order()
    provider.break_down(fail_before=1.0)
    with pytest.raises(GatewayUnreachable):
        begin(order)
    provider.break_down(fail_before=0.0)
    fulfilment.cancel(order_id=order.pk, reason="changed mind", actor=None, now=timezone.now())

    run("payments.close")

    assert not provider.ledger()["sessions"]
    assert not Payment.objects.get().is_open


def test_the_log_is_append_only_and_folds_to_the_sums(provider):
    payment = charge(provider, placed_order())

    kinds = list(PaymentEvent.objects.order_by("pk").values_list("kind", "stage"))

    assert kinds == [("charge", "request"), ("charge", "success")]
    payment.refresh_from_db()
    assert payment.charged == payment.amount
    assert not payment.is_open
