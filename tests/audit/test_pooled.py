"""Behind a pool of transactions nobody inherits what was said about who acts."""

import pytest
from django.db import connection, transaction

from accounts.models import Customer
from shop.audit import services
from shop.audit.models import Entry
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory


@pytest.fixture(autouse=True)
def _pooled(settings):
    settings.DATABASE_POOLED = True


def said():
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting('mercer.actor', true), '')")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_change_is_on_record_and_the_session_knows_nobody():
    alice, bob = UserFactory(email="alice@example.com"), CustomerFactory(name="Bob")

    with services.acting(alice):
        Customer.objects.filter(pk=bob.pk).update(name="Robert")
        between = said()
        with transaction.atomic():
            Customer.objects.filter(pk=bob.pk).update(name="Rob")
    Customer.objects.filter(pk=bob.pk).update(name="Bobby")

    changes = Entry.objects.filter(table="accounts_customer", act="update").order_by("pk")
    assert [one.actor_name for one in changes] == ["alice@example.com"] * 2
    assert (between, said()) == ("", "")


@pytest.mark.django_db
def test_who_acts_within_another_act_is_the_one_on_record():
    alice, carol = UserFactory(email="alice@example.com"), UserFactory(email="carol@example.com")
    bob = CustomerFactory(name="Bob")

    with services.acting(alice), services.acting(carol):
        Customer.objects.filter(pk=bob.pk).update(name="Robert")

    entry = Entry.objects.filter(table="accounts_customer", act="update").get()
    assert entry.actor_name == "carol@example.com"
