"""Promises about people's own data: each found when it is broken."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import (
    Address,
    Consent,
    Customer,
    PolicyVersion,
    PrivacyRequest,
    Purpose,
    RetentionRun,
    Visit,
)
from accounts.services import consents
from orders.models import Order
from shop.processes import bookkeeping
from shop.processes.bookkeeping.privacy import PRIVACY
from shop.processes.privacy import erasing, requests, retention
from tests.factories import canceled_order, placed_order
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db


def findings():
    """Faults and warnings alike."""
    return {one.name for one in bookkeeping.reconcile(now=timezone.now())}


def a_name_that_stayed():
    customer = Customer.objects.exclude(erased_at=None).get()
    Address.objects.create(
        customer=customer, name="A", line1="1", country="GB", used_at=timezone.now()
    )


def an_order_that_remembers():
    Order.objects.exclude(erased_at=None).update(phone="07700900123")


def a_request_that_remembers():
    PrivacyRequest.objects.update(email="alice@example.com")


def a_request_nobody_works_on():
    past = timezone.now() - dt.timedelta(hours=2)
    PrivacyRequest.objects.update(state="proved", proved_at=past)


def words_about_something_else():
    Consent.objects.update(purpose=Purpose.NEWS)


def a_visit_without_a_yes():
    Visit.objects.create(customer=CustomerFactory(), path="/", at=timezone.now())


def terms_nobody_was_shown():
    other = PolicyVersion.objects.create(
        slug="terms", title="Other", body="x", published_at=timezone.now()
    )
    Order.objects.update(terms=other)


def a_night_that_failed():
    RetentionRun.objects.update(error="OperationalError")


BREAKS = {
    "privacy.people": a_name_that_stayed,
    "privacy.orders": an_order_that_remembers,
    "privacy.requests": a_request_that_remembers,
    "privacy.waiting": a_request_nobody_works_on,
    "privacy.consents": words_about_something_else,
    "privacy.visits": a_visit_without_a_yes,
    "privacy.policies": terms_nobody_was_shown,
    "privacy.retention": a_night_that_failed,
}


def some_days_of_privacy():
    now = timezone.now()
    PolicyVersion.objects.create(slug="terms", title="Terms", body="x", published_at=now)
    gone = CustomerFactory(email="gone@example.com")
    order = canceled_order(email="gone@example.com", payment_method="bank_transfer")
    Order.objects.filter(pk=order.pk).update(customer=gone)
    request = requests.ask_signed_in(customer=gone, kind="erase", language="en-gb", now=now)
    erasing.work(request_id=request.pk, now=now)
    consents.give(customer=CustomerFactory(), purpose=Purpose.SMS, source="account", now=now)
    placed_order()
    retention.run(now=now)


@pytest.mark.parametrize("name", [one.name for one in PRIVACY])
def test_a_broken_promise_about_people_is_found(name):
    some_days_of_privacy()
    assert findings() == set()

    BREAKS[name]()

    assert name in findings()
