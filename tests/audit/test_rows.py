"""Every row that staff write is on record, by the database itself."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from accounts.models import Customer, User
from catalog.models import Product
from shop.audit import services, tables
from shop.audit.models import Entry
from tests.factories import ProductFactory
from tests.factories.customers import CustomerFactory, GroupFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory(email="alice@example.com")


def entries(table):
    return list(Entry.objects.filter(table=table).order_by("pk"))


def test_a_change_is_kept_with_who_where_from_and_what_it_was(alice):
    bob = CustomerFactory(name="Bob")

    with services.acting(alice, "192.0.2.7", "/admin/accounts/customer/1/change/"):
        Customer.objects.filter(pk=bob.pk).update(name="Robert")

    [entry] = entries("accounts_customer")
    assert (entry.kind, entry.act, entry.row) == ("write", "update", str(bob.pk))
    assert (entry.before, entry.after) == ({"name": "Bob"}, {"name": "Robert"})
    assert (entry.actor, entry.actor_name) == (alice, "alice@example.com")
    assert (entry.address, entry.path) == ("192.0.2.7", "/admin/accounts/customer/1/change/")


def test_rows_that_come_and_go_are_kept_whole(alice):
    with services.acting(alice):
        group = GroupFactory(name="Trade")
        key = str(group.pk)
        group.delete()

    made, gone = entries("accounts_customergroup")
    assert (made.act, made.row, made.before, made.after["name"]) == ("insert", key, None, "Trade")
    assert (gone.act, gone.row, gone.after, gone.before["name"]) == ("delete", key, None, "Trade")


def test_tables_between_two_models_are_on_record(alice):
    bob, group = CustomerFactory(), GroupFactory()

    with services.acting(alice):
        bob.groups.add(group)

    [entry] = entries("accounts_customer_groups")
    assert entry.after["customergroup_id"] == group.pk


def test_what_nobody_of_the_staff_does_is_not_on_record():
    CustomerFactory()

    assert not Entry.objects.exists()


def test_an_update_that_changes_nothing_is_no_news(alice):
    bob = CustomerFactory()

    with services.acting(alice):
        Customer.objects.filter(pk=bob.pk).update(name=bob.name)

    assert not entries("accounts_customer")


def test_of_a_secret_only_its_change_is_told(alice):
    carol = UserFactory()

    with services.acting(alice):
        carol.set_password("another-long-password")
        carol.save()

    [entry] = entries("accounts_user")
    assert (entry.before, entry.after) == ({"password": "***"}, {"password": "***"})


def test_an_act_that_is_undone_leaves_no_entry(alice):
    bob = CustomerFactory(name="Bob")

    with services.acting(alice), transaction.atomic():
        Customer.objects.filter(pk=bob.pk).update(name="Robert")
        transaction.set_rollback(True)

    assert not entries("accounts_customer")


def test_who_acts_is_forgotten_afterwards_and_the_outer_one_comes_back(alice):
    carol = UserFactory()
    with services.acting(alice):
        with services.acting(carol):
            CustomerFactory()
        CustomerFactory()
    CustomerFactory()

    assert [entry.actor for entry in entries("accounts_customer")] == [carol, alice]


def test_a_key_acts_without_an_account():
    with services.acting(None, "192.0.2.9", "/api/v1/customers", name="API key Till"):
        CustomerFactory()

    [entry] = entries("accounts_customer")
    assert (entry.actor, entry.actor_name) == (None, "API key Till")


def change_names():
    Entry.objects.update(actor_name="mallory@example.com")


def throw_away():
    Entry.objects.all().delete()


@pytest.mark.parametrize("step", [change_names, throw_away])
def test_the_log_is_never_changed(alice, step):
    with services.acting(alice):
        GroupFactory()

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        step()

    assert Entry.objects.get().actor_name == "alice@example.com"


def test_whoever_leaves_stays_named(alice):
    with services.acting(alice):
        GroupFactory()

    User.objects.get(pk=alice.pk).delete()

    entry = Entry.objects.get()
    assert (entry.actor, entry.actor_name) == (None, "alice@example.com")


def test_erasing_may_clear_the_log_and_leaves_nothing_new_in_it(alice):
    with services.acting(alice):
        bob = CustomerFactory(name="Bob")
        with services.erasing():
            Entry.objects.update(before=None, after=None)
            Customer.objects.filter(pk=bob.pk).update(name="")
    with pytest.raises(IntegrityError), transaction.atomic():
        throw_away()

    assert [(one.act, one.before, one.after) for one in entries("accounts_customer")] == [
        ("insert", None, None),
        ("update", None, None),
    ]


def test_every_table_has_its_trigger():
    tables.install()
    with connection.cursor() as cursor:
        cursor.execute(
            "select tgrelid::regclass::text from pg_trigger where tgname = %s", [tables.TRIGGER]
        )
        there = {name for (name,) in cursor.fetchall()}

    wanted = {model._meta.db_table for model in tables.watched()}
    assert there == wanted
    assert len(wanted) > 150
    assert {"accounts_user_groups", "orders_order", "mfa_authenticator"} <= wanted


WORDS = ("password", "secret", "token", "hash", "session")
# Called so without being secret.
PLAIN = {("catalog_facet", "token")}


def test_no_column_that_sounds_secret_is_written_down():
    open_ones = {
        (model._meta.db_table, field.column)
        for model in tables.watched()
        for field in model._meta.concrete_fields
        if any(word in field.column for word in WORDS)
        and field.column not in tables.secrets_of(model)
    }

    assert open_ones <= PLAIN


def test_a_trigger_that_says_something_else_is_made_anew(alice):
    with connection.cursor() as cursor:
        cursor.execute(
            "create or replace trigger audit after insert on catalog_product for each row"
            " when (current_setting('mercer.actor', true) <> '') execute function audit_row('slug')"
        )
    product = ProductFactory(slug="mug")

    tables.install()
    with services.acting(alice):
        Product.objects.filter(pk=product.pk).update(title="Cup")

    [entry] = entries("catalog_product")
    assert entry.row == str(product.pk)


def test_a_worker_acts_for_whoever_asked(alice):
    with services.working_for(alice.pk, "imports.work"):
        bob = CustomerFactory()
    with services.working_for(None, "imports.work"):
        CustomerFactory()

    [entry] = entries("accounts_customer")
    assert (entry.actor, entry.row, entry.path) == (alice, str(bob.pk), "imports.work")
