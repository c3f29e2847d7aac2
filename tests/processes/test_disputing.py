"""A buyer's bank wants money back: the case, the money, the order, in whatever order news comes."""

import datetime as dt
import itertools
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Order
from payments.gateways.base import DisputeStanding, Outcome, Submitted
from payments.models import Dispute, Payment, PaymentEvent
from shop.outbox.models import Message
from shop.processes import bookkeeping, disputing, fulfilment, refunding
from shop.processes.disputing import NotReady
from shop.processes.fulfilment import NotNow, Parcel
from tests.factories import in_stock, placed_order
from tests.processes.test_refunding import charged

pytestmark = pytest.mark.django_db
NOW = timezone.now()
count = itertools.count(1)


def sold(price="30.00"):
    order = charged(placed_order(variant=in_stock(3, price=Decimal(price)), now=NOW))
    Payment.objects.filter(order=order).update(charge_ref=f"pi_{order.number}")
    return order


def standing(order, status="needs_response", *, took_money=True, **fields):
    facts = {
        "reference": f"dp_{order.number}",
        "charge_ref": f"pi_{order.number}",
        "amount": Decimal("20.00"),
        "currency": "GBP",
        "fee": Decimal("15.00"),
        "reason": "product_not_received",
        "status": status,
        "due_at": NOW + dt.timedelta(days=7),
        "opened_at": NOW,
        "took_money": took_money,
    }
    return DisputeStanding(**facts | fields)


def see(order, status="needs_response", **fields):
    return disputing.seen(standing=standing(order, status, **fields), now=NOW)


def steps():
    rows = PaymentEvent.objects.filter(kind="charge_back").order_by("pk")
    return list(rows.values_list("stage", flat=True))


def money(order):
    payment = Payment.objects.get(order=order)
    return payment.charged, payment.disputed


class TestOpening:
    def test_a_case_opens_once_and_the_money_is_gone(self):
        order = sold()

        assert see(order)
        assert see(order)

        dispute = Dispute.objects.get()
        assert (dispute.status, dispute.amount, dispute.fee) == ("needs_response", 20, 15)
        assert steps() == ["request"]
        assert money(order)[1] == 20

    def test_what_has_not_left_waits(self):
        order = sold()
        see(order)

        with pytest.raises(NotNow):
            fulfilment.dispatch(
                order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=NOW
            )

    def test_what_has_left_is_not_stopped(self):
        order = sold()
        fulfilment.dispatch(
            order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=NOW
        )

        see(order)

        assert not order.holds.exists()

    def test_an_enquiry_takes_no_money(self):
        order = sold()

        see(order, took_money=False)

        assert steps() == []
        assert order.holds.get().kind == "dispute"

    def test_an_enquiry_may_become_a_dispute(self):
        order = sold()
        see(order, took_money=False)
        see(order, "closed", took_money=False)

        see(order)

        dispute = Dispute.objects.get()
        assert (dispute.status, dispute.closed_at) == ("needs_response", None)
        assert steps() == ["request"]

    def test_somebody_elses_dispute_is_none_of_ours(self):
        order = sold()

        assert not see(order, charge_ref="pi_other")
        assert not see(order, charge_ref="")
        assert not Dispute.objects.exists()

    def test_disputed_money_is_not_refunded_with_the_cancellation(self):
        order = sold()
        see(order)

        fulfilment.cancel(order_id=order.pk, reason="Fraud", actor=None, now=NOW)

        payment = Payment.objects.get(order=order)
        assert payment.refund_pending == order.total - 20


class TestDeciding:
    def test_won_gives_the_money_back_and_the_order_goes_on(self):
        order = sold()
        see(order)

        see(order, "won")

        dispute = Dispute.objects.get()
        assert (dispute.status, dispute.closed_at) == ("won", NOW)
        assert steps() == ["request", "failure"]
        assert money(order)[1] == 0
        assert order.holds.get().released_at == NOW

    def test_lost_keeps_the_money_gone_and_the_order_stopped(self):
        order = sold()
        see(order)

        see(order, "lost")

        assert steps() == ["request", "success"]
        assert money(order)[1] == 20
        assert order.holds.get().released_at is None

    def test_a_closed_enquiry_lets_the_order_go_on(self):
        order = sold()
        see(order, took_money=False)

        see(order, "closed", took_money=False)

        assert steps() == []
        assert order.holds.get().released_at == NOW

    def test_the_first_news_may_be_the_last(self):
        order = sold()

        see(order, "lost")

        assert steps() == ["request", "success"]
        assert not order.holds.exists()


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.sampled_from(["won", "lost"]).flatmap(
        lambda end: st.permutations(["needs_response", "under_review", end] * 2)
    )
)
def test_news_in_any_order_ends_the_same(news):
    order = sold()
    end = "won" if "won" in news else "lost"

    for status in news:
        see(order, status)

    dispute = Dispute.objects.get(provider_ref=f"dp_{order.number}")
    payment = Payment.objects.get(order=order)
    stages = payment.events.filter(kind="charge_back").order_by("pk")
    assert dispute.status == end
    assert list(stages.values_list("stage", flat=True)) == [
        "request",
        "failure" if end == "won" else "success",
    ]
    assert payment.disputed == (0 if end == "won" else 20)
    found = bookkeeping.reconcile(now=NOW)
    assert [one for one in found if one.is_broken and one.name.startswith("payments.")] == []


class TestAnswering:
    def case(self, **fields):
        order = sold()
        see(order)
        Dispute.objects.update(**fields)
        return Dispute.objects.get()

    def test_our_side_is_handed_in_once(self):
        dispute = self.case(statement="It was delivered on Monday.")

        disputing.submit(dispute_id=dispute.pk, actor=None, now=NOW)

        assert Message.objects.filter(topic="payments.answer_dispute").count() == 1
        with pytest.raises(NotReady):
            disputing.submit(dispute_id=dispute.pk, actor=None, now=NOW)
        with pytest.raises(NotReady):
            disputing.keep_statement(dispute_id=dispute.pk, statement="No, Tuesday.")

    def test_nothing_is_handed_in_without_a_word(self):
        with pytest.raises(NotReady):
            disputing.submit(dispute_id=self.case().pk, actor=None, now=NOW)

    def test_what_was_taken_is_with_the_bank(self):
        dispute = self.case(submitted_at=NOW)

        disputing.submitted(dispute_id=dispute.pk, answer=Submitted(Outcome.DONE), now=NOW)

        dispute.refresh_from_db()
        assert dispute.status == "under_review"

    def test_what_was_refused_can_be_changed(self):
        dispute = self.case(submitted_at=NOW, statement="x")

        answer = Submitted(Outcome.REFUSED, "too long")
        disputing.submitted(dispute_id=dispute.pk, answer=answer, now=NOW)
        disputing.submit(dispute_id=dispute.pk, actor=None, now=NOW)

        assert Order.objects.get().events.filter(note__contains="too long").exists()
        assert Message.objects.filter(topic="payments.answer_dispute").count() == 1


def test_a_case_about_another_currency_is_about_what_was_charged():
    order = sold()

    disputing.seen(standing=replace(standing(order), currency="EUR"), now=NOW)

    assert Dispute.objects.get().amount == order.total


def test_the_rest_can_be_given_back_while_a_part_is_disputed():
    order = sold()
    see(order)

    refunding.refund(
        order_id=order.pk,
        asked=refunding.Asked(goodwill=order.total - 20),
        to="origin",
        reason="Sorry",
        key="form-1",
        actor=None,
        now=NOW,
    )

    assert money(order) == (order.total, 20)
