"""Staff word mails beside a preview, try them out, and are told what can't be filled in."""

import pytest
from django.core import mail as outgoing
from django.urls import reverse

from shop import tasks
from shop.outbox.kinds import KINDS
from shop.outbox.models import Mail, MailText, Message, Sms
from shop.processes import mail_samples
from tests.factories import shipped_order

pytestmark = pytest.mark.django_db
KIND = "orders/order_shipped"
TYPED = {"kind": KIND, "language": "en-gb", "is_sent": "on", "is_texted": "on"}
ADD = "admin:outbox_mailtext_add"


@pytest.fixture
def order():
    return shipped_order(name="Ada Byron")


def preview(browser, **typed):
    return browser.post(reverse("admin:outbox_mailtext_preview"), TYPED | typed).content.decode()


def refused(browser, **typed):
    response = browser.post(reverse(ADD), TYPED | typed)
    assert response.status_code == 200
    assert not MailText.objects.exists()
    return response.context["adminform"].form.errors


def test_the_preview_is_the_mail_with_what_is_typed(sign_in, order):
    shown = preview(
        sign_in("support"),
        subject="{number} left",
        opening="Dear {name}",
        sms="{number} with {carrier}",
    )

    assert f"{order.number} left" in shown
    assert "Dear Ada Byron" in shown
    assert f"{order.number} with Royal Mail" in shown
    assert "{tracking_number}" in shown
    assert not Mail.objects.filter(subject__contains="left").exists()


def test_the_preview_says_what_can_not_be_filled_in(owner, order):
    assert "nobody" in preview(owner, subject="{nobody}")


def test_the_preview_waits_for_something_to_write_about(owner):
    assert "nothing yet" in preview(owner, kind="orders/claim_opened")


def test_unknown_places_are_refused_by_name(owner):
    errors = refused(owner, subject="{number} {nobody}", opening="{order.email}", sms="{oops")

    assert "nobody" in errors["subject"][0]
    assert "{tracking_number}" in errors["subject"][0]
    assert set(errors) == {"subject", "opening", "sms"}


def test_what_must_go_out_can_not_be_switched_off(owner):
    errors = refused(owner, kind="orders/order_confirmation", is_sent="")

    assert set(errors) == {"is_sent"}


def test_a_mail_without_a_text_message_takes_no_words_for_one(owner):
    assert set(refused(owner, kind="orders/order_changed", sms="Hello")) == {"sms"}


def test_words_are_saved_once_for_each_kind_and_language(owner):
    owner.post(reverse(ADD), TYPED | {"subject": "Gone"})
    again = owner.post(reverse(ADD), TYPED | {"subject": "Left"})

    assert again.status_code == 200
    assert [text.subject for text in MailText.objects.all()] == ["Gone"]


def test_a_test_goes_to_whoever_asks_even_when_the_mail_is_switched_off(owner, order):
    asked = {"is_sent": "", "subject": "{number} left", "outbox_mailtext_send_test": "1"}
    owner.post(reverse(ADD), TYPED | asked)
    message = Message.objects.get(topic="mail.test")

    tasks.send_test_mail(message_id=message.pk)

    (sent,) = [one for one in outgoing.outbox if one.subject.startswith("Test: ")]
    assert sent.subject == f"Test: {order.number} left"
    assert sent.to == ["person0@example.com"] or "@example.com" in sent.to[0]
    assert not Mail.objects.filter(reference=order.number, subject=sent.subject).exists()


def test_its_page_leads_to_what_was_sent(owner, order):
    text = MailText.objects.create(kind=KIND)

    shown = owner.get(reverse("admin:outbox_mailtext_change", args=[text.pk])).content.decode()

    assert "Mails of this kind" in shown
    assert "data-mail-preview" in shown
    assert order.number in shown


@pytest.mark.parametrize("role", ["warehouse", "catalogue", "marketing"])
def test_others_neither_see_nor_try_them(sign_in, role):
    browser = sign_in(role)

    assert browser.get(reverse("admin:outbox_mailtext_changelist")).status_code == 403
    assert browser.post(reverse("admin:outbox_mailtext_preview"), TYPED).status_code == 403


def test_support_reads_text_messages(sign_in):
    Sms.objects.create(
        key="k", kind=KIND, to="+447700900123", text="On its way", sent_at="2026-11-22T12:00Z"
    )

    assert "kept only" in (
        sign_in("support").get(reverse("admin:outbox_sms_changelist")).content.decode()
    )


@pytest.mark.parametrize("kind", [one for one in KINDS if "/order" in one or "/pay" in one])
def test_samples_of_orders_and_payments_can_be_shown(order, kind):
    found = mail_samples.sample(kind, "en-gb")

    if found is not None:
        shown = mail_samples.rendered(MailText(kind=kind, opening="Dear {name}"))
        assert shown.subject
        assert "Dear Ada Byron" in shown.html
