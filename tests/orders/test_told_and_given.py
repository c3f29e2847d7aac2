"""How a buyer hears of a parcel, and whom it is a present for, from the checkout to the order."""

import pytest

from orders.models import Order
from shipping.services import papers
from tests.orders.test_checkout_page import URL, line, submit
from tests.shipping.paper import text_of

pytestmark = pytest.mark.django_db
__all__ = ["line"]


@pytest.fixture
def gateway(settings):
    settings.SMS_URL = "https://sms.example/send"


def test_consent_is_kept_with_the_order(client, line, gateway):
    assert 'name="wants_sms"' in client.get(URL).content.decode()

    submit(client, phone="07700 900123", wants_sms="on")

    assert Order.objects.get().wants_sms is True


def test_nobody_is_asked_where_no_message_can_be_sent(client, line, settings):
    settings.SMS_URL = ""
    assert 'name="wants_sms"' not in client.get(URL).content.decode()

    submit(client, phone="07700 900123", wants_sms="on")

    assert Order.objects.get().wants_sms is False


def test_consent_without_a_number_is_asked_about(client, line, gateway):
    answer = submit(client, wants_sms="on")

    assert "so that we can text you" in answer.content.decode()
    assert not Order.objects.exists()


def test_a_gift_note_comes_out_on_the_packing_slip(client, line):
    submit(client, gift_note="For Ada, with love")

    order = Order.objects.get()
    assert "For Ada, with love" in text_of(papers.slips_of_orders([order], prices=False))
