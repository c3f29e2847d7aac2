"""What a demo's queue of held orders has in it."""

import pytest
from django.utils import timezone

from orders.models import Hold, Order
from payments.models import Payment, RiskAssessment
from shop.demo.seeding import risks
from tests.factories import placed_order
from tests.payments.risk.signs_of import pay, with_card

pytestmark = pytest.mark.django_db


def test_two_orders_wait_by_the_rules_and_one_by_hand():
    for _order in range(5):
        pay(with_card(placed_order()))
    RiskAssessment.objects.all().delete()

    risks.fill(now=timezone.now())

    kinds = list(Hold.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [Hold.Kind.HIGH_RISK, Hold.Kind.HIGH_RISK, Hold.Kind.ADDRESS]
    assert RiskAssessment.objects.filter(verdict="held").count() == 2
    assert not Payment.objects.filter(card={}).exists()
    assert set(Order.objects.values_list("status", flat=True)) == {Order.Status.CONFIRMED}


def test_without_orders_there_is_nothing_to_hold():
    risks.fill(now=timezone.now())

    assert not Hold.objects.exists()
