"""Promises about customers' records: each found when it is broken."""

import pytest
from django.utils import timezone

from accounts.models import Address, Consent, Purpose, User, Visit
from accounts.services import addresses, consents, visits
from accounts.services.addresses import Written
from shop.processes import bookkeeping
from shop.processes.bookkeeping.customers import CUSTOMERS
from tests.demo.test_reconcile import broken
from tests.factories.customers import member

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def nothing_is_filled_in():
    Address.objects.update(is_default=False)


def nobody_ever_agreed():
    Consent.objects.all().delete()


def went_to_work_here():
    User.objects.update(is_staff=True)


BREAKS = {
    "customers.default": nothing_is_filled_in,
    "customers.visits": nobody_ever_agreed,
    "customers.logins": went_to_work_here,
}


def a_customer_at_home():
    alice = member()
    home = Written(name="Alice", line1="5 Engine Lane", city="Leeds", country="GB")
    addresses.save(customer=alice, written=home, now=NOW)
    consents.give(customer=alice, purpose=Purpose.VISITS, source="account", now=NOW)
    visits.seen(customer=alice, path="/mugs/", title="Mugs", now=NOW)
    assert Visit.objects.exists()


@pytest.mark.parametrize("name", [one.name for one in CUSTOMERS])
def test_a_broken_promise_of_a_record_is_found(name):
    a_customer_at_home()
    assert broken() == set()

    BREAKS[name]()

    assert name in {one.name for one in bookkeeping.reconcile(now=timezone.now())}
