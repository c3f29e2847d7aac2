"""Promises about the log: each found when it is broken."""

import pytest
from django.db import connection
from django.utils import timezone

from shop.audit import services
from shop.audit.models import Entry
from shop.processes.bookkeeping.audit import AUDIT
from tests.demo.test_reconcile import broken
from tests.factories.customers import CustomerFactory
from tests.factories.people import staff

pytestmark = pytest.mark.django_db


def run(words):
    with connection.cursor() as cursor:
        cursor.execute(words)


def a_change_of_nothing():
    Entry.objects.create(at=timezone.now(), kind="write", act="update", actor_name="Eve")


def somebody_without_a_name():
    Entry.objects.create(at=timezone.now(), kind="door", act="sign-in", actor=staff("owner"))


def a_log_that_can_be_changed():
    run("alter table audit_entry disable trigger audit_entry_stays")


def a_table_nobody_watches():
    run("alter table orders_order disable trigger audit")


BREAKS = {
    "audit.rows": a_change_of_nothing,
    "audit.who": somebody_without_a_name,
    "audit.stays": a_log_that_can_be_changed,
    "audit.watched": a_table_nobody_watches,
}


@pytest.mark.parametrize("name", [one.name for one in AUDIT])
def test_a_broken_promise_of_the_log_is_found(name):
    with services.acting(staff("owner")):
        CustomerFactory()
    assert broken() == set()
    # Nothing waits to be checked when a table is altered.
    run("set constraints all immediate")

    BREAKS[name]()

    assert broken() == {name}
