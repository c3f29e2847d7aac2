"""Orders that wait for a person: stopped by the rules or by hand, decided, and going on."""

import datetime as dt

import pytest
from django.utils import timezone

from orders.models import Hold, Order
from orders.services import downloads
from payments.gateways.base import Standing, State
from payments.models import Payment, RiskAssessment, RiskRule
from shop.lib.errors import Refused
from shop.outbox.models import Message
from shop.processes import checkout, fulfilment, verifying
from shop.processes.fulfilment import NotNow, Parcel
from shop.processes.verifying import AlreadyDecided
from tests.factories import paid_order, placed_order, stock_of
from tests.factories.people import staff
from tests.payments.risk.signs_of import (
    AMERICAN,
    doubt,
    held_order,
    look_at_everything,
    only,
    pay,
    with_card,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
Verdict = RiskAssessment.Verdict
WARNING = {"country": "GB", "risk_level": "highest"}


def accept(order, actor=None):
    return verifying.accept_risk(
        order_id=order.pk, reason="Rang them", actor=actor, now=timezone.now()
    )


def reject(order, actor=None):
    return verifying.reject(order_id=order.pk, reason="Fraud", actor=actor, now=timezone.now())


def stop(order, kind=Hold.Kind.ADDRESS, actor=None):
    return verifying.hold(
        order_id=order.pk, kind=kind, reason="No house 12", actor=actor, now=timezone.now()
    )


def let_go(hold, actor=None):
    return verifying.release(hold_id=hold.pk, reason="Asked them", actor=actor, now=timezone.now())


def test_an_order_that_may_be_fraud_waits_with_its_money_and_its_goods():
    order = held_order()

    assert (order.status, order.payment_status) == (Order.Status.PENDING, Order.Payment.PAID)
    assert doubt(order).reason == "The bank knows another CVC"
    assert stock_of(order.lines.get().variant)[1] == 1


def test_a_held_order_never_expires():
    order = held_order()
    unpaid = placed_order(payment_method="bank_transfer")
    stop(unpaid)

    checkout.expire(now=timezone.now() + dt.timedelta(days=60))

    for one in (order, unpaid):
        one.refresh_from_db()
        assert one.status == Order.Status.PENDING


def test_a_person_accepts_it_and_it_is_confirmed():
    order, actor = held_order(), staff("support")

    accept(order, actor)

    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED
    assert order.confirmed_at is not None
    assert (order.risk.verdict, order.risk.decided_by) == (Verdict.ACCEPTED, actor)
    released = order.events.get(axis="hold", to_state="released")
    assert (released.actor, released.note) == (actor, "Rang them")
    assert not order.holds.filter(released_at=None).exists()


def test_a_person_rejects_it_and_the_money_goes_back():
    order, actor = held_order(), staff("support")

    reject(order, actor)

    order.refresh_from_db()
    assert order.status == Order.Status.CANCELED
    assert (order.risk.verdict, order.risk.decided_by) == (Verdict.REJECTED, actor)
    assert order.events.get(axis="status", to_state="canceled").note == "Fraud"
    assert Message.objects.filter(topic="payments.refund").count() == 1
    assert stock_of(order.lines.get().variant)[1] == 0
    assert not order.holds.filter(released_at=None).exists()


@pytest.mark.parametrize(("first", "second"), [(accept, reject), (reject, accept)])
def test_the_second_decision_comes_too_late(first, second):
    order = held_order()
    first(order)
    order.refresh_from_db()
    decided = order.status

    with pytest.raises(AlreadyDecided):
        second(order)

    order.refresh_from_db()
    assert order.status == decided


def held_money(**fields):
    """An order in doubt whose money is only held at the provider."""
    only(RiskRule.Kind.ADDRESS_CHECK, {"checks": ["cvc"]})
    order = placed_order(**fields)
    payment = with_card(order, AMERICAN)
    Payment.objects.filter(pk=payment.pk).update(provider_ref=f"cs_{payment.pk}", is_manual=True)
    standing = Standing(
        State.AUTHORIZED, payment.amount, payment.currency, f"pi_{payment.pk}", card=AMERICAN
    )
    checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=timezone.now())
    order.refresh_from_db()
    return order


def test_held_money_stays_held_until_a_person_has_accepted():
    order = held_money()
    assert (order.status, order.payment_status) == ("pending", Order.Payment.AUTHORIZED)
    assert doubt(order)

    accept(order)

    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED
    assert not order.payments.filter(charged__gt=0).exists()


def test_held_money_of_a_rejected_order_is_let_go():
    order = held_money()

    reject(order)

    order.refresh_from_db()
    assert order.status == Order.Status.CANCELED
    assert Message.objects.filter(topic="payments.void").count() == 1
    assert not Message.objects.filter(topic="payments.refund").exists()


def test_calling_a_held_order_off_elsewhere_decides_it_too():
    order = held_order()

    fulfilment.cancel(order_id=order.pk, reason="Asked to", actor=None, now=timezone.now())

    assert RiskAssessment.objects.get(order=order).verdict == Verdict.REJECTED
    assert not order.holds.filter(released_at=None).exists()


def test_another_hold_is_released_before_an_order_is_confirmed():
    order = held_order()
    other = stop(order)
    with pytest.raises(NotNow, match="No house 12"):
        accept(order)

    let_go(other)
    order.refresh_from_db()
    assert order.status == Order.Status.PENDING
    accept(order)

    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED


def test_a_doubt_about_fraud_is_decided_and_not_released():
    order = held_order()

    with pytest.raises(NotNow, match="confirm it or call it off"):
        let_go(doubt(order))


def test_money_that_comes_while_an_order_is_stopped_waits_with_it():
    order = placed_order(payment_method="bank_transfer")
    hold = stop(order)
    checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=timezone.now())
    order.refresh_from_db()
    assert (order.status, order.payment_status) == (Order.Status.PENDING, Order.Payment.PAID)

    let_go(hold, staff("manager"))

    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED


def test_an_order_without_its_money_waits_on_when_it_is_released():
    order = placed_order(payment_method="bank_transfer")

    let_go(stop(order))

    order.refresh_from_db()
    assert order.status == Order.Status.PENDING


def test_a_hold_is_released_once():
    hold = stop(paid_order())
    let_go(hold)

    with pytest.raises(AlreadyDecided):
        let_go(hold)


def test_an_order_is_stopped_once_for_a_kind_and_any_number_of_times_for_other_reasons():
    order = paid_order()
    stop(order)
    with pytest.raises(NotNow):
        stop(order)

    stop(order, Hold.Kind.OTHER)
    stop(order, Hold.Kind.OTHER)

    assert order.holds.filter(released_at=None).count() == 3


@pytest.mark.parametrize("status", ["completed", "canceled", "expired"])
def test_a_closed_order_is_not_stopped(status):
    order = placed_order()
    Order.objects.filter(pk=order.pk).update(status=status)

    with pytest.raises(NotNow):
        stop(order)


def test_a_held_order_is_neither_confirmed_nor_sent():
    waiting, ready = placed_order(payment_method="bank_transfer"), paid_order()
    stop(waiting)
    stop(ready)

    with pytest.raises(NotNow):
        fulfilment.verify(order_id=waiting.pk, actor=None, now=timezone.now())
    with pytest.raises(NotNow):
        fulfilment.dispatch(
            order_id=ready.pk, quantities=None, parcel=Parcel(), actor=None, now=timezone.now()
        )


def test_news_of_a_card_after_the_money_stops_an_order_before_it_is_sent():
    order = placed_order()
    only(RiskRule.Kind.PROVIDER_RISK, {"levels": ["highest"]})
    payment = with_card(order)
    pay(payment)
    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED

    pay(payment, card=WARNING)

    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED
    assert doubt(order)
    accept(order)
    pay(payment, card=WARNING | {"last4": "1881"})
    assert not order.holds.filter(released_at=None).exists()


def test_news_of_a_card_changes_nothing_for_what_was_sent():
    order = placed_order()
    only(RiskRule.Kind.PROVIDER_RISK, {"levels": ["highest"]})
    payment = with_card(order)
    pay(payment)
    fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=timezone.now()
    )

    pay(payment, card=WARNING)

    assert not Hold.objects.exists()


def test_every_order_is_looked_at_when_the_shop_wants_it():
    look_at_everything()
    order = placed_order()

    pay(with_card(order, AMERICAN))

    order.refresh_from_db()
    assert order.status == Order.Status.PENDING
    assert doubt(order).reason.startswith("The bank knows another CVC")
    accept(order)
    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED


def test_what_a_stopped_order_bought_can_not_be_fetched():
    order = paid_order()
    assert downloads.opens(order)

    hold = stop(order)

    assert not downloads.opens(order)
    let_go(hold)
    assert downloads.opens(order)


def test_refusals_tell_what_to_do():
    with pytest.raises(Refused) as refused:
        accept(paid_order())

    assert refused.value.message == "This order waits for no decision any more."
