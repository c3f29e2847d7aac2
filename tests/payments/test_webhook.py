import hashlib
import hmac
import json
import time

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.models import Payment, WebhookEvent
from payments.services import payments
from shop import tasks
from shop.outbox.models import Message
from tests.factories import placed_order

pytestmark = pytest.mark.django_db
URL = "/webhooks/stripe/"


def event_of(payment, **changes):
    session = {
        "id": payment.provider_ref,
        "object": "checkout.session",
        "status": "complete",
        "payment_status": "paid",
        "amount_total": int(payment.amount * 100),
        "currency": payment.currency.lower(),
        "payment_intent": "pi_1",
        "client_reference_id": payment.order.number,
        "metadata": {"payment": str(payment.pk)},
        **changes,
    }
    return {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "data": {"object": session},
    }


def signed(body, secret, at=None):
    at = int(at or time.time())
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


@pytest.fixture
def send(client, settings):
    def _send(event, *, secret=settings.STRIPE_WEBHOOK_SECRET, at=None):
        body = json.dumps(event).encode()
        return client.post(
            URL,
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": signed(body, secret, at)},
        )

    return _send


@pytest.fixture
def payment():
    order = placed_order()
    attempt = payments.open_attempt(order=order, provider="card", now=timezone.now())
    payments.name_reference(payment=attempt, reference="cs_1")
    return attempt


def work():
    for message in Message.objects.filter(topic="payments.webhook", done_at=None):
        tasks.work_webhook(message_id=message.pk)


def test_a_signed_event_is_kept_and_worked_later(send, payment):
    assert send(event_of(payment)).status_code == 200
    payment.order.refresh_from_db()
    assert payment.order.payment_status == "pending"

    work()

    payment.order.refresh_from_db()
    assert payment.order.payment_status == "paid"


def test_the_same_event_ten_times_counts_once(send, payment):
    for _time in range(10):
        assert send(event_of(payment)).status_code == 200
        work()

    assert WebhookEvent.objects.count() == 1
    payment.refresh_from_db()
    assert payment.charged == payment.amount


def test_news_that_is_faster_than_our_own_note_finds_its_payment(send, payment):
    Payment.objects.update(provider_ref="")

    send(event_of(payment, id="cs_unknown_yet"))
    work()

    payment.order.refresh_from_db()
    assert payment.order.payment_status == "paid"


@pytest.mark.parametrize(
    "changes", [{"amount_total": 1}, {"currency": "eur"}], ids=["amount", "currency"]
)
def test_money_that_does_not_match_holds_the_order(send, payment, changes):
    send(event_of(payment, **changes))
    work()

    payment.order.refresh_from_db()
    assert payment.order.payment_status == "pending"
    assert payment.order.holds.count() == 1


def test_an_event_about_somebody_elses_session_is_ignored(send, payment):
    foreign = event_of(payment, id="cs_foreign", metadata={}, client_reference_id="99")

    assert send(foreign).status_code == 200
    work()

    assert WebhookEvent.objects.get().outcome == "ignored"


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "whsec_wrong"},
        {"at": 1_000_000_000},
    ],
    ids=["wrong secret", "replayed a long time later"],
)
def test_a_forged_signature_is_refused_without_effect(send, payment, forged):
    assert send(event_of(payment), **forged).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_no_signature_is_refused(client):
    answer = client.post(URL, data=b"{}", content_type="application/json")

    assert answer.status_code == 400


def test_an_oversized_body_is_refused(client):
    answer = client.post(URL, data=b"x" * 300_000, content_type="application/json")

    assert answer.status_code == 413


def test_other_providers_and_methods_are_refused(client):
    assert (
        client.post("/webhooks/nobody/", data=b"{}", content_type="text/plain").status_code == 404
    )
    assert client.get(reverse("payments:webhook", args=["stripe"])).status_code == 405
