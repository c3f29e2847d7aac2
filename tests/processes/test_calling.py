"""Calls before an order moves on: asked once, tried, and what the answer makes of the order."""

import datetime as dt

import pytest
from django.utils import timezone

from orders.models import CallAttempt, CallTask, Hold, Order
from orders.services import calls
from orders.services.orders import Move
from shop.processes import calling, checkout, fulfilment, verifying
from shop.processes.calling import AlreadyCalled
from shop.processes.fulfilment import NotNow
from tests.factories import paid_order, placed_order, stock_of
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
Result, Outcome = CallAttempt.Result, CallTask.Outcome


def asked(order, reason="Much to pay in cash"):
    return calling.ask(order=order, reason=reason, move=Move(timezone.now()))


def call(task, result, **fields):
    return calling.record(
        task_id=task.pk, result=result, actor=UserFactory(), now=timezone.now(), **fields
    )


def now_of(order):
    order.refresh_from_db()
    return order


@pytest.fixture
def waiting(db):
    order = placed_order(payment_method="bank_transfer", phone="020 7946 0958")
    return order, asked(order)


def test_a_call_is_asked_for_once_and_holds_the_order(waiting):
    order, task = waiting

    assert asked(order) == task
    assert order.holds.get(released_at=None).kind == Hold.Kind.CALL
    assert task.phone == "020 7946 0958"
    assert order.number in task.script
    assert order.name in task.script


def test_a_yes_lets_the_order_go_on():
    order = paid_order()
    task = asked(order)

    call(task, Result.CONFIRMED, note="Nice lady")

    assert now_of(order).status == Order.Status.CONFIRMED
    assert not order.holds.filter(released_at=None).exists()
    assert CallTask.objects.get().outcome == Outcome.CONFIRMED
    assert order.events.get(axis="call").note == "Nice lady"


def test_a_yes_confirms_what_waited_to_be_confirmed():
    order = placed_order(payment_method="bank_transfer")
    task = asked(order)
    # The money came while nobody had been called yet.
    checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=timezone.now())
    assert now_of(order).status == Order.Status.PENDING

    call(task, Result.CONFIRMED)

    assert now_of(order).status == Order.Status.CONFIRMED


def test_a_no_calls_the_order_off(waiting):
    order, task = waiting
    variant = order.lines.get().variant

    call(task, Result.CANCELED)

    assert now_of(order).status == Order.Status.CANCELED
    assert CallTask.objects.get().outcome == Outcome.CANCELED
    assert stock_of(variant)[1] == 0


def test_nobody_there_is_tried_again_and_then_given_up(waiting):
    order, task = waiting

    first = call(task, Result.NO_ANSWER)
    assert first.closed_at is None
    assert first.due_at > timezone.now() + dt.timedelta(hours=1)
    call(task, Result.WRONG_NUMBER)
    last = call(task, Result.NO_ANSWER)

    assert last.outcome == Outcome.GIVEN_UP
    assert now_of(order).status == Order.Status.CANCELED


def test_paid_and_never_reached_is_for_a_person_to_decide():
    order = paid_order()
    task = asked(order)

    for _try in range(calls.MOST_TRIES):
        call(task, Result.NO_ANSWER)

    assert now_of(order).status == Order.Status.CONFIRMED
    assert order.holds.get(released_at=None).kind == Hold.Kind.OTHER


def test_call_me_later_and_under_another_number(waiting):
    order, task = waiting
    later = timezone.now() + dt.timedelta(days=1)

    call(task, Result.CALL_BACK, call_again_at=later)
    found = call(task, Result.WRONG_NUMBER, phone="+44 7700 900123", call_again_at=later)

    assert (found.due_at, found.phone) == (later, "+44 7700 900123")
    assert found.attempts.count() == 2
    assert now_of(order).holds.filter(released_at=None).count() == 1


def test_a_call_has_one_outcome(waiting):
    order, task = waiting
    call(task, Result.CONFIRMED)

    with pytest.raises(AlreadyCalled):
        call(task, Result.CANCELED)

    assert now_of(order).status == Order.Status.PENDING
    assert CallAttempt.objects.count() == 1


def test_the_hold_of_a_call_is_lifted_by_the_call_alone(waiting):
    order, _task = waiting
    hold = order.holds.get()

    with pytest.raises(NotNow):
        verifying.release(hold_id=hold.pk, reason="", actor=None, now=timezone.now())


def test_nobody_is_called_about_an_order_that_was_called_off(waiting):
    order, _task = waiting

    fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=timezone.now())

    assert CallTask.objects.get().outcome == Outcome.GIVEN_UP
