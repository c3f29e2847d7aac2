"""Click and collect: a packed order waits under its code, and is handed over once."""

import pytest
from django.utils import timezone

from orders.models import Order
from orders.services import orders
from orders.services.orders import Move
from shipping.models import Fulfilment
from shipping.tasks import email_ready_to_collect
from shop.outbox.models import Mail, Message
from shop.processes import collecting, picking
from shop.processes.collecting import HandedOver, UnknownCode
from tests.factories import in_stock
from tests.factories.people import staff
from tests.shipping.parcels import bought

pytestmark = pytest.mark.django_db
STUDIO = {
    "kind": "collect",
    "code": "studio",
    "name": "Studio",
    "lines": ["1 Mill Lane", "Leeds LS1 1AA"],
    "hours": "Mon–Fri 9–17",
}


def packed(pickup=STUDIO):
    order = bought((in_stock(5), 2))
    Order.objects.filter(pk=order.pk).update(pickup=pickup)
    now = timezone.now()
    order = orders.lock(order_id=order.pk)
    (parcel,) = picking.prepare(order=order, move=Move(now))
    return picking.pack(fulfilment_id=parcel.pk, box=None, grams=0, actor=None, now=now)


def test_a_packed_parcel_gets_a_code_and_a_mail():
    parcel = packed()

    assert len(parcel.collect_code) == 6
    assert Message.objects.filter(topic="mail.ready_to_collect").count() == 1


def test_a_parcel_for_the_door_gets_none():
    parcel = packed(pickup={})

    assert parcel.collect_code == ""
    assert not Message.objects.filter(topic="mail.ready_to_collect").exists()


def test_the_mail_names_place_hours_and_code():
    parcel = packed()

    message = Message.objects.get(topic="mail.ready_to_collect")
    email_ready_to_collect(message_id=message.pk)

    mail = Mail.objects.get(kind="shipping/ready_to_collect")
    for words in (parcel.collect_code, "Studio", "1 Mill Lane", "Mon–Fri 9–17"):
        assert words in mail.text


def test_handed_over_it_has_left_and_arrived():
    parcel = packed()

    collecting.hand_over(code=parcel.collect_code.lower(), actor=None, now=timezone.now())

    parcel.refresh_from_db()
    order = Order.objects.get()
    assert parcel.status == Fulfilment.Status.DELIVERED
    assert order.fulfillment_status == Order.Fulfillment.DELIVERED


def test_nobody_gets_it_twice():
    parcel = packed()
    collecting.hand_over(code=parcel.collect_code, actor=None, now=timezone.now())

    with pytest.raises(HandedOver):
        collecting.hand_over(code=parcel.collect_code, actor=None, now=timezone.now())


@pytest.mark.parametrize("code", ["", "ABCDEF", "  ", "'; --"])
def test_another_code_gets_nothing(code):
    packed()

    with pytest.raises(UnknownCode):
        collecting.hand_over(code=code, actor=None, now=timezone.now())


class TestTheCounter:
    URL = "/stockroom/collect/"

    @pytest.fixture
    def clerk(self, client):
        client.force_login(staff("warehouse"))
        return client

    def test_lists_what_lies_ready(self, clerk):
        parcel = packed()

        html = clerk.get(self.URL).content.decode()

        assert parcel.order.number in html
        # Whoever stands behind the clerk must not read it.
        assert parcel.collect_code not in html

    def test_shows_what_belongs_to_a_code(self, clerk):
        parcel = packed()

        html = clerk.get(self.URL, {"code": parcel.collect_code}).content.decode()

        assert f"Hand it over to {parcel.order.name}" in html

    def test_hands_it_over(self, clerk):
        parcel = packed()

        answer = clerk.post(self.URL, {"code": parcel.collect_code}, follow=True)

        assert f"Order {parcel.order.number} is handed over." in answer.content.decode()

    def test_says_no_to_a_wrong_code(self, clerk):
        packed()

        assert clerk.get(self.URL, {"code": "WRONG2"}).status_code == 404
        assert clerk.post(self.URL, {"code": "WRONG2"}).status_code == 409

    def test_is_for_those_who_may_ship(self, client, demo_market):
        client.force_login(staff("catalogue"))

        assert client.get(self.URL).status_code == 403
