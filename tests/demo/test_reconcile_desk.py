"""Promises about calls, rules and colleagues: each found when it is broken."""

import pytest
from django.utils import timezone

from accounts.models import User
from orders.models import CallTask, Hold, Order, OrderRule, OrderRuleRun
from orders.services import assigning, calls
from orders.services.orders import Move
from shop.processes import calling, ruling
from shop.processes.bookkeeping.desk import DESK
from tests.demo.test_reconcile import broken
from tests.factories import paid_order
from tests.factories.people import staff

pytestmark = pytest.mark.django_db


def a_call_without_its_hold():
    Hold.objects.filter(kind="call").update(kind="other")


def a_yes_that_nobody_said():
    CallTask.objects.filter(outcome="confirmed").update(outcome="canceled")


def a_meeting_without_a_record():
    OrderRuleRun.objects.update(done=[])


def somebody_who_left():
    User.objects.update(is_staff=False)


BREAKS = {
    "desk.calls": a_call_without_its_hold,
    "desk.outcomes": a_yes_that_nobody_said,
    "desk.rules": a_meeting_without_a_record,
    "desk.assigned": somebody_who_left,
}


def a_day_at_the_desk():
    now = timezone.now()
    OrderRule.objects.create(name="All", when="placed", actions=[{"do": "tag", "value": "a"}])
    called, waiting = paid_order(), paid_order()
    ruling.run(order_id=called.pk, when="placed", occasion="placed", now=now)
    task = calls.ask(order=called, reason="Much", move=Move(now))
    calling.record(task_id=task.pk, result="confirmed", actor=None, now=now)
    calls.ask(order=waiting, reason="Much", move=Move(now))
    assigning.give(order_id=waiting.pk, user=staff("support"), actor=None, now=now)


@pytest.mark.parametrize("name", [one.name for one in DESK])
def test_a_broken_promise_of_the_desk_is_found(name):
    a_day_at_the_desk()
    assert broken() == set()

    BREAKS[name]()

    assert name in broken()


def test_a_call_about_a_closed_order_is_found():
    a_day_at_the_desk()

    Order.objects.filter(calls__closed_at=None).update(status="expired")

    assert "desk.calls" in broken()
    assert CallTask.objects.filter(closed_at=None).count() == 1
