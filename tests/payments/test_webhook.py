"""What the provider's letters do: kept once, answered fast, and taken for a hint where to look."""

import json
import time

import pytest
from django.urls import reverse

from payments.models import Payment, WebhookEvent
from shop.standin.webhooks import sign
from tests.factories import placed_order
from tests.payments.provider import begin, outcomes, work

pytestmark = pytest.mark.django_db
URL = "/webhooks/stripe/"


@pytest.fixture
def paid(provider):
    """A page that was paid, and nobody came back from it."""
    order = placed_order()
    begin(order)
    payment = Payment.objects.get()
    provider.pay(payment.provider_ref).raise_for_status()
    return payment


def completed(provider):
    found = [one for one in provider.letters() if one["type"] == "checkout.session.completed"]
    return found[-1]


def test_a_signed_event_is_kept_and_worked_later(client, provider, paid):
    assert provider.post(client, completed(provider)).status_code == 200
    paid.order.refresh_from_db()
    assert paid.order.payment_status == "pending"

    work()

    paid.order.refresh_from_db()
    assert paid.order.payment_status == "paid"


def test_the_same_event_ten_times_counts_once(client, provider, paid):
    for _time in range(10):
        assert provider.post(client, completed(provider)).status_code == 200
        work()

    assert WebhookEvent.objects.count() == 1
    paid.refresh_from_db()
    assert paid.charged == paid.amount


def test_an_event_says_where_to_look_and_is_not_believed(client, provider):
    order = placed_order()
    begin(order)
    payment = Payment.objects.get()
    lie = {
        "id": "evt_lie",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "data": {"object": {"id": payment.provider_ref, "payment_status": "paid"}},
    }

    provider.post(client, lie)
    work()

    payment.refresh_from_db()
    assert payment.charged == 0
    assert outcomes() == [("checkout.session.completed", "applied")]


def test_news_that_is_faster_than_our_own_note_finds_its_payment(client, provider, paid):
    Payment.objects.update(provider_ref="")

    provider.post(client, completed(provider))
    work()

    paid.order.refresh_from_db()
    assert paid.order.payment_status == "paid"


def test_a_charge_that_is_faster_than_our_own_note_finds_its_payment(client, provider, paid):
    Payment.objects.update(provider_ref="")
    charge = next(one for one in provider.letters() if one["type"] == "charge.succeeded")

    provider.post(client, charge)
    work()

    paid.order.refresh_from_db()
    assert paid.order.payment_status == "paid"


@pytest.mark.parametrize(
    "changes", [{"amount": 1}, {"currency": "EUR"}], ids=["amount", "currency"]
)
def test_money_that_does_not_match_holds_the_order(client, provider, paid, changes):
    Payment.objects.update(**changes)

    provider.post(client, completed(provider))
    work()

    paid.order.refresh_from_db()
    assert paid.order.payment_status == "pending"
    assert paid.order.holds.get().kind == "payment_mismatch"


def test_an_event_about_somebody_elses_session_is_ignored(client, provider, paid):
    foreign = completed(provider)
    foreign["data"]["object"] |= {"id": "cs_foreign", "metadata": {}}

    assert provider.post(client, foreign).status_code == 200
    work()

    assert WebhookEvent.objects.get().outcome == "ignored"


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"livemode": True}, "ignored: live money, in a test"),
        ({"account": "acct_other"}, "ignored: another account"),
        ({"type": "customer.created"}, "ignored: nothing to look at"),
    ],
)
def test_what_is_not_for_this_shop_is_ignored_with_a_reason(
    client, provider, paid, changes, outcome
):
    provider.post(client, completed(provider) | changes)
    work()

    assert WebhookEvent.objects.get().outcome == outcome
    paid.refresh_from_db()
    assert paid.charged == 0


@pytest.mark.parametrize(
    ("secret", "at"),
    [("whsec_wrong", None), (None, 1_000_000_000)],
    ids=["wrong secret", "replayed a long time later"],
)
def test_a_forged_signature_is_refused_without_effect(client, settings, secret, at):
    body = json.dumps({"id": "evt_1", "type": "x"}).encode()
    signature = sign(
        body, secret=secret or settings.STRIPE_WEBHOOK_SECRET, at=at or int(time.time())
    )

    answer = client.post(
        URL,
        data=body,
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    )

    assert answer.status_code == 400
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


def test_a_refund_that_is_told_of_before_its_payment_finds_it(client, provider, paid):
    intent = provider.ledger()["intents"][0]["id"]
    provider.web.post(
        "/v1/refunds",
        data={"payment_intent": intent, "amount": "500"},
        headers={"Authorization": "Bearer sk_test_x"},
    ).raise_for_status()

    provider.post(
        client, next(one for one in provider.letters() if one["type"] == "refund.created")
    )
    work()

    paid.refresh_from_db()
    assert (paid.charged, paid.refunded) == (paid.amount, 5)


def test_a_dispute_that_is_told_of_before_its_payment_finds_it(client, provider, paid):
    intent = provider.ledger()["intents"][0]["id"]
    provider.kit("dispute", payment_intent=intent)

    opened = next(one for one in provider.letters() if one["type"] == "charge.dispute.created")
    provider.post(client, opened)
    work()

    paid.refresh_from_db()
    assert (paid.charged, paid.disputed) == (paid.amount, paid.amount)


def test_another_shop_with_the_same_numbers_takes_nothing_of_ours(client, provider):
    """Two shops at one provider: the other's payment has our payment's number, and our order's."""
    order = placed_order()
    begin(order)
    payment = Payment.objects.get()
    theirs = provider.web.post(
        "/v1/payment_intents",
        data={
            "amount": str(int(order.total * 100)),
            "currency": "gbp",
            "payment_method": "pm_card_visa",
            "confirm": "true",
            "metadata[payment]": str(payment.pk),
            "metadata[order]": order.number,
        },
        headers={"Authorization": "Bearer sk_test_x"},
    ).json()

    provider.tell(client)

    payment.refresh_from_db()
    assert (payment.charged, payment.charge_ref) == (0, "")
    assert theirs["status"] == "succeeded"
    assert {outcome for _kind, outcome in outcomes()} <= {"ignored", "ignored: nothing to look at"}
