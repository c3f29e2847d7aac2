"""Forgetting somebody leaves no trace: a dump of the database and the logs are searched."""

import logging
import zipfile
from io import BytesIO

import pytest
from allauth.account.models import EmailAddress
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Customer, PrivacyRequest, Purpose, User
from accounts.services import consents
from catalog.models import Review
from orders.models import Order, OrderFile, OrderLine, TaxLine, Upload
from payments.models import Document, JournalEntry
from shop.audit.models import Entry
from shop.outbox.models import Message
from shop.processes import bookkeeping
from shop.processes.privacy import erasing, exporting, files, requests
from shop.processes.privacy.person import of_customer
from tests.factories.customers import member
from tests.factories.people import staff
from tests.privacy import world
from tests.privacy.dump import dump

pytestmark = pytest.mark.django_db(transaction=True)


def forget(customer):
    now = timezone.now()
    request = requests.ask_signed_in(customer=customer, kind="erase", language="en-gb", now=now)
    return erasing.work(request_id=request.pk, now=now)


def found_in(text):
    lines = text.splitlines()
    return [(word, line[:200]) for word in world.TRACES for line in lines if word in line]


def test_the_search_finds_what_is_there(provider):
    world.zelda()

    assert {word for word, _line in found_in(dump())} == set(world.TRACES)


def test_nothing_of_somebody_is_left(provider, caplog):
    customer = world.zelda()

    with caplog.at_level(logging.DEBUG):
        done = forget(customer)

    assert done.state == PrivacyRequest.State.DONE, done.reason
    assert found_in(dump()) == []
    assert found_in(caplog.text) == []


def test_what_tax_law_wants_is_still_there(provider):
    customer = world.zelda()
    before = {
        "orders": list(Order.objects.order_by("pk").values_list("number", "total", "country")),
        "taxes": list(TaxLine.objects.order_by("pk").values_list("rate", "amount", "base")),
        "documents": list(Document.objects.order_by("pk").values_list("label", "content")),
        "books": JournalEntry.objects.count(),
    }

    forget(customer)

    assert before == {
        "orders": list(Order.objects.order_by("pk").values_list("number", "total", "country")),
        "taxes": list(TaxLine.objects.order_by("pk").values_list("rate", "amount", "base")),
        "documents": list(Document.objects.order_by("pk").values_list("label", "content")),
        "books": JournalEntry.objects.count(),
    }
    assert set(Order.objects.values_list("postcode", flat=True)) == {"ZQ"}
    assert Order.objects.filter(erased_at=None).count() == 0


def test_the_books_still_agree(provider):
    customer = world.zelda()
    now = timezone.now()
    before = {one.name for one in bookkeeping.reconcile(now=now) if one.is_broken}

    forget(customer)

    after = {one.name for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken}
    assert after - before == set()


def test_the_login_and_the_record_name_nobody(provider):
    customer = world.zelda()

    forget(customer)

    customer = Customer.objects.get()
    assert not User.objects.filter(is_staff=False).exists()
    assert customer.email == f"forgotten-{customer.pk}@forgotten.invalid"
    assert customer.erased_at


def test_files_go_from_the_disk(provider):
    customer = world.zelda()
    names = [OrderFile.objects.get().file.name, Upload.objects.get().file.name]
    assert all(default_storage.exists(name) for name in names)

    forget(customer)
    owed = Message.objects.filter(topic="privacy.delete_files")
    for message in owed:
        files.delete(message.payload["names"])

    assert not any(default_storage.exists(name) for name in names)


def test_a_review_stays_and_names_nobody(provider):
    customer = world.zelda()

    forget(customer)

    review = Review.objects.get()
    assert (review.author, review.text, review.customer) == ("A customer", "Lovely. …, …", None)


def test_an_extra_keeps_its_price_and_loses_its_words(provider):
    customer = world.zelda()

    forget(customer)

    extras = [line.extras for line in OrderLine.objects.all() if line.extras]
    assert extras == [[{"name": "Engraving", "value": "…", "amount": "5.00"}]]


def test_forgetting_one_leaves_all_others_as_they_were(provider):
    customer = world.zelda()
    bob = world.placed_order(payment_method="bank_transfer", email="bob@example.com", name="Bob")

    forget(customer)

    bob.refresh_from_db()
    assert (bob.name, bob.email, bob.erased_at) == ("Bob", "bob@example.com", None)


def test_an_address_somebody_typed_is_not_theirs_to_forget(provider):
    """Ordering with another's address gives no power over the other's account and mails."""
    customer, bob = world.zelda(), member("bob@example.com")
    order = world.open_order(customer)
    Order.objects.filter(pk=order.pk).update(
        email=bob.email, status="completed", payment_status="paid"
    )
    world.Mail.objects.create(
        key="bobs-own-mail", kind="x", to=bob.email, subject="s", text="t", sent_at=timezone.now()
    )
    now = timezone.now()
    consents.give(email=bob.email, purpose=Purpose.NEWS, source="x", now=now)

    told = BytesIO()
    exporting.write(told, of_customer(customer), now=now)
    forget(customer)

    assert "bobs-own-mail" not in zipfile.ZipFile(told).read("everything.json").decode()
    assert EmailAddress.objects.filter(email=bob.email).exists()
    assert world.Mail.objects.get(key="bobs-own-mail").to == bob.email
    assert consents.allows(email=bob.email, purpose=Purpose.NEWS)
    assert User.objects.filter(pk=bob.user.pk).exists()


def test_the_log_forgets_what_rows_said_that_are_long_gone(provider):
    customer = world.zelda()
    gone = {"customer_id": customer.pk, "line1": world.LINE}
    Entry.objects.create(
        at=timezone.now(), kind="write", act="delete", table="accounts_address", before=gone
    )

    forget(customer)

    assert not Entry.objects.filter(before__isnull=False).exists()


def test_staff_are_nobodys_customer_login(provider):
    support = staff("support")
    Customer.objects.create(email=support.email, created_at=timezone.now())

    forget(Customer.objects.get(email=support.email))

    assert User.objects.filter(pk=support.pk, is_staff=True).exists()


def test_the_request_says_what_was_done_and_not_to_whom(provider):
    customer = world.zelda()

    done = forget(customer)

    assert done.report["orders.Order"] == {"emptied": 2}
    assert done.report["accounts.User"] == {"deleted": 1}
    assert (done.email, done.key_hash) == ("", "")
