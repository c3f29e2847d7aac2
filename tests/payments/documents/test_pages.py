"""Downloads: by the order's key, in the account, in the mails; and while a page is being made."""

import datetime as dt

import pytest
from django.core import mail as django_mail
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from payments import tasks
from payments.models import Document
from payments.services import documents
from payments.services.documents import printing
from shop.outbox.models import Mail, Message
from shop.processes import fulfilment
from tests.factories import paid_order
from tests.factories.customers import member
from tests.factories.documents import credit_note_of, invoice_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def order(demo_market):
    return paid_order(email="alice@example.com")


@pytest.fixture
def made(order):
    return documents.make(document_id=invoice_of(order).pk, now=timezone.now())


def address(document, token=None):
    page = reverse("payments:document", args=[document.order.number, document.label])
    return f"{page}?t={token or document.order.link_token}"


def work(topic):
    """Carry out what the outbox owes of a topic, as its worker does."""
    task = {
        "documents.make": tasks.make_document,
        "mail.document": tasks.email_document,
        "mail.order_confirmation": tasks.email_confirmation,
        "mail.order_canceled": tasks.email_canceled,
    }[topic]
    for message in Message.objects.filter(topic=topic, done_at=None):
        task(message_id=message.pk)


# The page


def test_the_key_of_the_order_opens_the_pdf(client, made):
    response = client.get(address(made))

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{made.label}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store, private"
    assert response.content.startswith(b"%PDF")


def test_a_stranger_finds_nothing(client, made):
    assert client.get(address(made, token="wrong")).status_code == 404


def test_the_key_of_another_order_opens_nothing(client, made):
    other = paid_order()
    page = reverse("payments:document", args=[other.number, made.label])

    assert client.get(f"{page}?t={other.link_token}").status_code == 404


def test_a_pdf_that_is_being_made_is_waited_for(client, order):
    response = client.get(address(invoice_of(order)))

    assert response.status_code == 202
    assert response["Retry-After"]
    assert "being made" in response.content.decode()


def test_waiting_for_a_pdf_that_nobody_asked_for_asks_for_it(client, order):
    Message.objects.filter(topic="documents.make").delete()

    client.get(address(invoice_of(order)))

    assert Message.objects.get(topic="documents.make").payload["is_mailed"] is False


def test_a_stored_pdf_that_was_changed_is_not_handed_out(client, made):
    path = made.pdf.name
    made.pdf.storage.delete(path)
    made.pdf.storage.save(path, ContentFile(b"%PDF another"))

    assert client.get(address(made)).status_code == 404


def test_nothing_is_posted_there(client, made):
    assert client.post(address(made)).status_code == 405


def test_the_page_of_the_order_leads_to_it(client, order, made):
    page = client.get(order.get_absolute_url()).content.decode()

    assert reverse("payments:document", args=[order.number, made.label]) in page


def test_the_account_leads_to_it(client, made):
    person = member("alice@example.com")
    client.force_login(person.user)

    page = client.get(reverse("accounts:overview")).content.decode()

    assert reverse("payments:document", args=[made.order.number, made.label]) in page


# The worker


def test_the_pdf_is_made_once(made):
    again = documents.make(document_id=made.pk, now=timezone.now() + dt.timedelta(days=1))

    assert (again.digest, again.made_at, again.pdf.name) == (
        made.digest,
        made.made_at,
        made.pdf.name,
    )


def test_the_pdf_is_kept_in_private_under_its_number(made):
    assert made.pdf.name.startswith("private/documents/")
    assert made.pdf.name.endswith(f"/{made.label}.pdf")


def test_what_a_dead_worker_left_is_in_nobodys_way(order):
    document = invoice_of(order)
    name = document.pdf.field.generate_filename(document, f"{document.label}.pdf")
    document.pdf.storage.save(name, ContentFile(b"half a page"))

    made = documents.make(document_id=document.pk, now=timezone.now())

    assert made.pdf.name == name
    assert documents.pdf_of(made).startswith(b"%PDF")


# Mails


def test_the_confirmation_takes_the_invoice_along(order):
    work("mail.order_confirmation")

    (sent,) = [one for one in django_mail.outbox if one.attachments]
    name, content, mime = sent.attachments[0]
    invoice = invoice_of(order)
    assert (name, mime) == (f"{invoice.label}.pdf", "application/pdf")
    assert content == documents.pdf_of(invoice)
    assert invoice.label in sent.body


@pytest.mark.parametrize("steps", [
    ("mail.order_confirmation", "documents.make"),
    ("documents.make", "mail.order_confirmation"),
], ids=["the mail first", "the page first"])  # fmt: skip
def test_what_went_with_a_mail_gets_none_of_its_own(order, steps):
    for topic in steps:
        work(topic)

    assert Mail.objects.filter(text__contains=invoice_of(order).label).count() == 1
    assert not Message.objects.filter(topic="mail.document", done_at=None).exists()


def test_what_no_mail_took_along_gets_one_of_its_own(order):
    work("documents.make")
    work("mail.document")

    mail = Mail.objects.get(kind="payments/document")
    assert invoice_of(order).label in mail.subject
    assert django_mail.outbox[-1].attachments


def test_a_document_waits_a_minute_for_another_mail(order):
    work("documents.make")

    message = Message.objects.get(topic="mail.document")
    assert message.due_at - message.created_at == dt.timedelta(minutes=1)


def test_a_credit_note_is_mailed(order):
    work("mail.order_confirmation")
    note = credit_note_of(order)

    work("documents.make")
    work("mail.document")

    mail = Mail.objects.get(kind="payments/document")
    assert note.label in mail.subject
    assert order.get_absolute_url().partition("?")[0] in mail.text


def test_a_page_that_can_not_be_made_holds_no_mail_up(order, settings, monkeypatch):
    monkeypatch.setattr(printing, "TEMPLATE", printing.FOLDER / "nothing.typ")

    work("mail.order_confirmation")

    assert Mail.objects.filter(kind="orders/order_confirmation").exists()
    assert not django_mail.outbox[-1].attachments


def test_a_cancelled_order_takes_its_credit_note_along(order):
    work("mail.order_confirmation")
    fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=timezone.now())

    work("mail.order_canceled")

    note = Document.objects.get(order=order, kind="credit_note")
    assert django_mail.outbox[-1].attachments[0][0] == f"{note.label}.pdf"
