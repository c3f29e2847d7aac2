"""Rules tried on past orders: the same answer as when they came, and what became of them."""

import datetime as dt

import pytest
from django.utils import timezone

from orders.models import Order
from payments.models import Dispute, Payment, RiskAssessment, RiskRule
from payments.services import risk
from payments.services.risk import replay
from payments.services.risk.rules import readable
from shop.processes import fulfilment
from shop.processes.fulfilment import Parcel
from tests.factories import placed_order
from tests.payments.risk.signs_of import (
    AMERICAN,
    held_order,
    moved_back,
    only,
    pay,
    refuse,
    with_card,
)

pytestmark = pytest.mark.django_db
Kind = RiskRule.Kind
MONTH = dt.timedelta(days=30)


def tried(hold_from=60, since=MONTH):
    now = timezone.now()
    asked = readable(risk.rules())
    return replay.run(asked=asked, hold_from=hold_from, since=now - since, now=now)


def mail_counts(score=100):
    return only(Kind.DISPOSABLE_MAIL, {}, score=score)


def caught_order(**fields):
    """Paid while no rule minded."""
    only(Kind.LISTED, {"values": []})
    order = placed_order(email="x@mailinator.com", **fields)
    pay(with_card(order))
    order.refresh_from_db()
    return order


def sent(order):
    fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=timezone.now()
    )


def test_a_replay_says_what_was_said_when_the_orders_came():
    risk.rules()
    for number in range(6):
        order = placed_order(email="x@mailinator.com" if number % 2 else "alice@example.com")
        Order.objects.filter(pk=order.pk).update(ip="2a00:23c4:1:2::7")
        payment = with_card(order, AMERICAN if number > 2 else {}, "fp_1")
        refuse(payment, f"ch_{number}", timezone.now())
        pay(payment)

    found = tried(hold_from=1)

    said = {one.order_id: one for one in RiskAssessment.objects.all()}
    assert len(said) == 6
    assert {one.order.pk: one.weight.reasons for one in found.caught} == {
        pk: one.reasons for pk, one in said.items() if one.score >= 1
    }
    assert any(one.weight.score > 60 for one in found.caught)


def test_what_came_after_an_order_does_not_help():
    only(Kind.DECLINES, {"declines": 1, "hours": 240})
    order = placed_order()
    payment = with_card(order)
    pay(payment)
    refuse(payment, "ch_late", timezone.now() + dt.timedelta(minutes=5))

    assert tried().caught == []


def test_each_caught_order_tells_what_became_of_it():
    disputed, called_off, fine, waiting = (caught_order() for _order in range(4))
    Dispute.objects.create(
        payment=Payment.objects.get(order=disputed),
        provider="card",
        provider_ref="dp_1",
        amount=5,
        opened_at=timezone.now(),
    )
    fulfilment.cancel(order_id=called_off.pk, reason="Odd", actor=None, now=timezone.now())
    sent(fine)
    mail_counts()

    found = tried()

    assert {one.order.pk: one.outcome for one in found.caught} == {
        disputed.pk: "disputed",
        called_off.pk: "called_off",
        fine.pk: "fine",
        waiting.pk: "open",
    }
    assert found.counts == {
        "disputed": 1,
        "refunded": 0,
        "called_off": 1,
        "fine": 1,
        "open": 1,
    }
    assert not any(one.was_held for one in found.caught)


def test_disputed_orders_that_would_have_gone_through_are_named():
    order = caught_order()
    Dispute.objects.create(
        payment=Payment.objects.get(order=order),
        provider="card",
        provider_ref="dp_1",
        amount=5,
        opened_at=timezone.now(),
    )
    mail_counts(score=10)

    found = tried()

    assert [one.pk for one in found.missed] == [order.pk]
    assert found.caught == []


def test_only_orders_of_the_time_that_were_paid_or_confirmed_are_looked_at():
    caught_order()
    moved_back(caught_order(), days=31)
    placed_order(email="x@mailinator.com")
    mail_counts()

    assert tried().looked_at == 1


def test_what_was_held_is_told():
    held_order()

    assert [one.was_held for one in tried().caught] == [True]


def test_no_more_than_the_limit_is_looked_at_and_that_is_said(monkeypatch):
    for _order in range(3):
        caught_order()
    mail_counts()
    monkeypatch.setattr(replay, "LIMIT", 2)

    found = tried()

    assert (found.looked_at, found.is_cut, len(found.caught)) == (2, True, 2)


def test_a_replay_asks_few_questions_for_many_orders(django_assert_max_num_queries):
    for _order in range(4):
        caught_order()
    mail_counts()
    asked, now = readable(risk.rules()), timezone.now()

    with django_assert_max_num_queries(9):
        replay.run(asked=asked, hold_from=60, since=now - MONTH, now=now)
