"""The demo's desk: rules, what they did, somebody who looks after orders, a call to make."""

import pytest
from django.utils import timezone

from orders.models import CallTask, Order, OrderRule, OrderRuleRun
from shop.demo.seeding import desk
from tests.demo.test_reconcile import broken
from tests.factories import paid_order, placed_order
from tests.factories.people import staff

pytestmark = pytest.mark.django_db


def test_a_desk_at_work_keeps_every_promise():
    person = staff("support")
    paid_order(quantity=8)
    placed_order(payment_method="bank_transfer", phone="020 7946 0958")

    desk.fill(now=timezone.now())

    assert broken() == set()
    assert OrderRuleRun.objects.exists()
    assert CallTask.objects.filter(closed_at=None).count() == 1
    assert Order.objects.filter(assigned_to=person).count() == 2
    assert Order.objects.filter(tags__contains=["large"]).count() == 1


def test_rules_that_staff_wrote_are_left_alone():
    OrderRule.objects.create(name="Mine", when="placed", actions=[{"do": "tag", "value": "a"}])

    desk.fill(now=timezone.now())

    assert OrderRule.objects.count() == 1
