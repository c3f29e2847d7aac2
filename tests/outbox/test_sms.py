"""Text messages: with consent, once, to a number of the country; and nothing of them in the log."""

import json

import httpx
import pytest
from django.utils import timezone

from orders.forms import CheckoutForm
from orders.models import Order
from shipping import tasks
from shipping.models import Fulfilment
from shop.lib.phones import e164
from shop.outbox import sms
from shop.outbox.models import MailText, Message, Sms
from shop.outbox.sms import Text
from tests.factories import shipped_order

TEXT = Text("orders/order_shipped", "+447700900123", "On its way", "k", "10482")
db = pytest.mark.django_db


class Gateway:
    """The other end: what it was asked, and what it answers."""

    def __init__(self):
        self.asked = []
        self.answer = httpx.Response(200, json={"id": "m-1"})

    def post(self, url, **request):
        self.asked.append(request)
        self.answer.request = httpx.Request("POST", url)
        return self.answer


@pytest.fixture
def gateway(monkeypatch, settings):
    settings.SMS_URL, settings.SMS_TOKEN = "https://sms.example/send", "secret"
    found = Gateway()
    monkeypatch.setattr(httpx, "post", found.post)
    return found


@pytest.fixture
def order(gateway):
    found = shipped_order(phone="07700 900123")
    Order.objects.filter(pk=found.pk).update(wants_sms=True)
    return found


def told(order):
    """Do what is owed about the parcel that left."""
    for topic, task in (
        ("mail.order_shipped", tasks.email_shipped),
        ("sms.parcel", tasks.text_parcel),
    ):
        for message in Message.objects.filter(topic=topic, done_at=None):
            task(message_id=message.pk)
    return list(Sms.objects.filter(reference=order.number))


@db
def test_a_message_is_handed_over_once_with_its_key(gateway):
    first, second = sms.send(TEXT), sms.send(TEXT)

    (asked,) = gateway.asked
    assert asked["json"] == {
        "to": "+447700900123",
        "from": "Marl & Weft",
        "text": "On its way",
        "key": "k",
    }
    assert asked["headers"] == {"Authorization": "Bearer secret", "Idempotency-Key": "k"}
    assert (first.provider_ref, second) == ("m-1", None)


@db
def test_without_a_gateway_it_is_kept_and_goes_nowhere(settings):
    settings.SMS_URL = ""

    assert sms.send(TEXT).provider_ref == ""


@db
def test_a_gateway_that_is_down_is_asked_again(gateway):
    gateway.answer = httpx.Response(503)

    with pytest.raises(httpx.HTTPStatusError):
        sms.send(TEXT)

    assert not Sms.objects.exists()


@db
def test_what_a_gateway_refuses_is_kept_so_and_not_asked_again(gateway, caplog):
    gateway.answer = httpx.Response(422)

    assert sms.send(TEXT).provider_ref == "refused: 422"
    assert "900123" not in caplog.text
    assert TEXT.text not in caplog.text


@db
def test_the_buyer_who_agreed_hears_of_a_parcel_that_left(order, gateway):
    (message,) = told(order)

    assert message.to == "+447700900123"
    assert message.text == (
        f"Marl & Weft: your order {order.number} is on its way. Royal Mail QB123456789GB"
    )
    assert json.dumps(list(Message.objects.values("payload")), default=str).count("900123") == 0


@db
def test_nobody_is_texted_without_consent_or_when_it_is_withdrawn(order):
    Order.objects.filter(pk=order.pk).update(wants_sms=False)

    assert told(order) == []


@db
@pytest.mark.parametrize(
    ("own", "words"),
    [({"is_texted": False}, []), ({"is_texted": True, "sms": "{number} left"}, ["{number} left"])],
)
def test_staff_word_it_or_switch_it_off(order, own, words):
    MailText.objects.create(kind="orders/order_shipped", **own)

    assert [one.text for one in told(order)] == [text.format(number=order.number) for text in words]


@db
def test_a_mail_that_is_switched_off_takes_no_message_with_it(order):
    MailText.objects.create(kind="orders/order_shipped", is_sent=False, is_texted=True)

    assert len(told(order)) == 1


@pytest.mark.parametrize(
    ("typed", "country", "found"),
    [
        ("07700 900123", "GB", "+447700900123"),
        ("+44 (0)7700 900123", "DE", "+447700900123"),
        ("0049 151 23456789", "GB", "+4915123456789"),
        ("0151/23456789", "DE", "+4915123456789"),
        ("(212) 555-0100", "US", "+12125550100"),
        ("345 678 9012", "IT", "+393456789012"),
        ("12", "GB", ""),
        ("07700 900123", "XX", ""),
        ("", "GB", ""),
        ("+0 123 456 789", "GB", ""),
    ],
)
def test_numbers_are_written_as_networks_want_them(typed, country, found):
    assert e164(typed, country) == found


def checkout(settings, *, is_on=True, **typed):
    settings.SMS_URL = "https://sms.example/send" if is_on else ""
    data = {
        "email": "ada@example.com",
        "name": "Ada",
        "country": "GB",
        "line1": "1 Row",
        "city": "London",
        "postcode": "N1 9GU",
        **typed,
    }
    return CheckoutForm(data, countries=["GB"], payments=[("card", "Card")])


def test_the_checkout_asks_only_where_messages_can_be_sent(settings):
    assert "wants_sms" in checkout(settings).fields
    off = checkout(settings, is_on=False, wants_sms="on")

    assert "wants_sms" not in off.fields
    assert off.is_valid()
    assert off.buyer().wants_sms is False


def test_consent_needs_a_number_that_can_be_texted(settings):
    without = checkout(settings, wants_sms="on", phone="")
    beside = checkout(settings, wants_sms="on", phone="07700 900123", gift_note="For Ada")

    assert "phone" in without.errors
    assert beside.is_valid()
    assert (beside.buyer().wants_sms, beside.buyer().gift_note) == (True, "For Ada")


@db
def test_no_message_is_owed_where_none_can_be_sent(order, settings):
    settings.SMS_URL = ""

    assert told(order) == []
    assert Fulfilment.objects.filter(order=order, created_at__lte=timezone.now()).exists()
