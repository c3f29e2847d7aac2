"""Whoever of the staff asks for a change is known to the log; shoppers are not asked who they are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.audit import services
from shop.audit.models import Entry
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory, staff

pytestmark = pytest.mark.django_db

FORM = {"email": "bob@example.com", "name": "Robert", "company": "", "vat_number": ""}


def change(client, customer):
    return client.post(
        reverse("admin:accounts_customer_change", args=[customer.pk]),
        FORM | {"email": customer.email},
        REMOTE_ADDR="192.0.2.7",
    )


def said():
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('mercer.actor', true)")
        return cursor.fetchone()[0]


def test_a_change_on_a_staff_page_is_on_record(client):
    dora, bob = staff("support"), CustomerFactory(name="Bob")
    client.force_login(dora)

    change(client, bob)

    bob.refresh_from_db()
    assert bob.name == "Robert"
    entry = Entry.objects.get(table="accounts_customer", row=str(bob.pk))
    assert (entry.actor, entry.address) == (dora, "192.0.2.7")
    assert (entry.before["name"], entry.after["name"]) == ("Bob", "Robert")
    assert entry.path == f"/admin/accounts/customer/{bob.pk}/change/"


def test_the_connection_forgets_who_asked(client):
    client.force_login(staff("support"))

    change(client, CustomerFactory())

    assert not said()


def test_it_forgets_after_a_page_that_broke(client):
    client.force_login(staff("support"))
    client.raise_request_exception = False

    client.post("/admin/accounts/customer/nonsense/change/")

    assert not said()


def test_reading_a_page_writes_no_rows(client):
    client.force_login(staff("support"))

    client.get(reverse("admin:accounts_customer_changelist"))

    assert not Entry.objects.filter(kind=Entry.Kind.WRITE).exists()


def test_a_customer_who_signs_in_is_not_on_record(client):
    client.force_login(UserFactory())

    client.post("/account/sign-out/")

    assert not Entry.objects.filter(kind=Entry.Kind.WRITE).exists()


def test_a_shopper_without_a_session_is_not_asked(client, demo_market):
    with CaptureQueriesContext(connection) as asked:
        client.post("/basket/nothing-here/")

    words = " ".join(query["sql"] for query in asked).lower()
    assert "session" not in words
    assert "mercer.actor" not in words


@pytest.mark.django_db(transaction=True)
def test_a_connection_opened_anew_hears_who_acts():
    alice = UserFactory()

    with services.acting(alice):
        connection.close()
        bob = CustomerFactory()
    connection.close()
    CustomerFactory()

    assert [one.row for one in Entry.objects.filter(table="accounts_customer")] == [str(bob.pk)]
    assert Entry.objects.get(table="accounts_customer").actor == alice


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_does_not_hide_the_answer():
    alice = UserFactory()

    with services.acting(alice):
        connection.connection.close()

    assert not said()
