"""What carriers send is checked, and taken as a hint to ask them."""

import datetime as dt
import hashlib
import hmac
import json

import pytest
from celery import current_app
from django.utils import timezone

from shipping.models import Carrier, Fulfilment, TrackingEvent
from shop.lib.signatures import HEADER, sign
from shop.outbox.models import Message
from tests.factories import shipped_order
from tests.shipping.carriers.network import KEYS

pytestmark = pytest.mark.django_db
SECRET = "a long shared secret"
UPS_NUMBER = "1ZA1B2C30399887766"


@pytest.fixture(autouse=True)
def secrets(settings):
    shared = {f"{code}_WEBHOOK_SECRET": SECRET for code in ("UPS", "FEDEX", "USPS", "VAN")}
    settings.CARRIER_KEYS = KEYS | shared


@pytest.fixture
def parcel():
    def make(carrier, number):
        found = shipped_order().fulfilments.get()
        values = {"carrier": carrier.name, "tracking_number": number}
        Fulfilment.objects.filter(pk=found.pk).update(**values)
        return found

    return make


def post(client, code, message, **headers):
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return client.post(
        f"/webhooks/carriers/{code}/", body, content_type="application/json", headers=headers
    )


def signed(message):
    return {HEADER: sign(json.dumps(message).encode(), secret=SECRET, now=timezone.now())}


def asked():
    return list(Message.objects.filter(topic="tracking.ask").values_list("payload", flat=True))


def test_a_hint_is_followed_by_a_question(client, network, account, parcel, time_machine):
    # After all that the carrier tells.
    time_machine.move_to(dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    ups = account("ups")
    found = parcel(ups, UPS_NUMBER)
    hint = {"trackingNumber": UPS_NUMBER, "activityStatus": {"type": "D", "code": "FS"}}

    response = post(client, "ups", hint, credential=SECRET)

    assert response.status_code == 200
    assert asked() == [{"carrier": "ups", "numbers": [UPS_NUMBER]}]
    network("ups")
    current_app.tasks["tracking.ask"](message_id=Message.objects.get(topic="tracking.ask").pk)
    found.refresh_from_db()
    # The hint said delivered; the carrier, asked, says that it comes back.
    assert found.status == Fulfilment.Status.FAILED_DELIVERY


def test_the_same_hint_twice_is_one_question(client, account, parcel):
    parcel(account("ups"), UPS_NUMBER)

    post(client, "ups", {"trackingNumber": UPS_NUMBER}, credential=SECRET)
    post(client, "ups", {"trackingNumber": UPS_NUMBER}, credential=SECRET)

    assert len(asked()) == 1


def test_fedex_signs_what_it_sends(client, account, parcel):
    parcel(account("fedex"), "794953535000")
    body = json.dumps({"output": [{"trackingNumberInfo": {"trackingNumber": "794953535000"}}]})
    digest = hmac.new(SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()

    response = post(client, "fedex", body.encode(), **{"fdx-signature": digest})

    assert response.status_code == 200
    assert asked()[0]["numbers"] == ["794953535000"]


def test_a_token_may_come_as_a_bearer(client, account, parcel):
    parcel(account("usps"), "9205590153747800002201")
    hint = {"trackingNumber": "9205590153747800002201"}

    response = post(client, "usps", hint, authorization=f"Bearer {SECRET}")

    assert (response.status_code, len(asked())) == (200, 1)


@pytest.mark.parametrize(
    "headers", [{}, {"credential": "wrong"}, {"credential": ""}, {"authorization": "Basic x"}]
)
def test_whoever_does_not_share_the_secret_is_refused(client, account, parcel, headers):
    parcel(account("ups"), UPS_NUMBER)

    response = post(client, "ups", {"trackingNumber": UPS_NUMBER}, **headers)

    assert (response.status_code, asked()) == (403, [])


def test_nobody_shares_an_empty_secret(client, account, settings):
    settings.CARRIER_KEYS = KEYS
    account("ups")

    assert post(client, "ups", {}, credential="").status_code == 403


def test_numbers_of_others_are_answered_alike_and_ask_nothing(client, account, parcel):
    account("ups")

    response = post(client, "ups", {"trackingNumber": "1ZSOMEBODYELSES"}, credential=SECRET)

    assert (response.status_code, asked()) == (200, [])


def news(number, status="delivered", **fields):
    event = {"status": status, "words": "Handed over", "at": timezone.now().isoformat()} | fields
    return {"parcels": [{"number": number, "events": [event]}]}


def test_our_own_driver_is_believed(client, parcel):
    van = Carrier.objects.create(code="van", name="Our van")
    found = parcel(van, "10482-1")
    message = news("10482-1", place="Leek")

    response = post(client, "van", message, **signed(message))

    found.refresh_from_db()
    assert (response.status_code, found.status) == (200, Fulfilment.Status.DELIVERED)
    assert TrackingEvent.objects.get().place == "Leek"


def test_a_drivers_token_alone_is_not_enough(client, parcel):
    parcel(Carrier.objects.create(code="van", name="Our van"), "10482-1")

    assert post(client, "van", news("10482-1"), credential=SECRET).status_code == 403


def test_an_old_message_is_not_taken_again(client, parcel):
    parcel(Carrier.objects.create(code="van", name="Our van"), "10482-1")
    message = news("10482-1")
    long_ago = timezone.now() - dt.timedelta(hours=1)
    header = sign(json.dumps(message).encode(), secret=SECRET, now=long_ago)

    assert post(client, "van", message, **{HEADER: header}).status_code == 403


@pytest.mark.parametrize(
    "message",
    [
        [],
        {},
        {"parcels": 1},
        {"parcels": [{"number": "1"}]},
        news("1", status="lost"),
        news("1", at="yesterday"),
        news("1", at="2026-11-22T10:00:00"),
    ],
)
def test_what_is_no_message_is_refused(client, message):
    Carrier.objects.create(code="van", name="Our van")

    assert post(client, "van", message, **signed(message)).status_code == 400


def test_unknown_carriers_and_other_methods_are_turned_away(client, account):
    account("ups", is_active=False)

    assert post(client, "ups", {}).status_code == 404
    assert post(client, "nobody", {}).status_code == 404
    assert client.get("/webhooks/carriers/ups/").status_code == 405
