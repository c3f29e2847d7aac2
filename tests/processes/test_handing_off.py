"""Orders that a partner sends: who is told what, and when it is called off."""

import json

import pytest
from django.core import mail
from django.utils import timezone

from inventory.models import Location
from orders.services import orders
from orders.services.orders import Move
from shipping.models import HandOff
from shop.lib.network import AddressRefused
from shop.lib.signatures import HEADER, is_signed
from shop.outbox.models import Message
from shop.processes import bookkeeping, fulfilment, partners, shortages, verifying
from shop.processes.fulfilment import NothingToShip, Parcel
from tests.factories import in_stock, paid_order, placed_order
from tests.lib.webserver import Answer, serving
from tests.processes.handed_off import SECRET, partner, partner_order, stocked_at

pytestmark = pytest.mark.django_db


def tell(one, what="send", **fields):
    partners.tell(hand_off_id=one.pk, what=what, now=timezone.now(), **fields)
    one.refresh_from_db()
    return one


def owed():
    rows = Message.objects.filter(topic="stock.tell_partners").order_by("pk")
    return [message.payload["what"] for message in rows]


def test_a_confirmed_order_is_handed_to_the_partner_who_has_its_goods():
    place = partner()

    order = partner_order(place)

    one = HandOff.objects.get()
    assert (one.order, one.location, one.status) == (order, place, "pending")
    assert one.contents == {str(order.lines.get().pk): 3}
    assert owed() == ["send"]


def test_an_order_that_is_not_confirmed_is_not_handed_off():
    placed_order(variant=stocked_at(partner()), payment_method="bank_transfer")

    assert not HandOff.objects.exists()


def test_what_lies_in_the_shops_own_store_is_not_handed_off():
    partner()

    paid_order(variant=in_stock(5))

    assert not HandOff.objects.exists()


def test_staff_do_not_send_what_a_partner_sends():
    order = partner_order(partner())

    with pytest.raises(NothingToShip):
        fulfilment.dispatch(
            order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=timezone.now()
        )


def test_the_partner_is_told_with_a_signature():
    with serving({"/orders": Answer(status=204)}) as server:
        one = HandOff.objects.get(order=partner_order(partner(webhook_url=f"{server.url}/orders")))

        tell(one, trusted={server.door})

    (path, headers, body) = server.posted[0]
    told = json.loads(body)
    assert (path, one.status) == ("/orders", "told")
    assert is_signed(body, headers[HEADER], secret=SECRET, now=timezone.now())
    assert told["type"] == "order.send"
    assert told["reference"] == one.reference
    assert told["lines"][0]["quantity"] == 3
    assert told["address"]["postcode"] == "N1 9GU"
    assert told["answer_to"].endswith("/webhooks/partners/kiln/")


def test_a_partner_inside_our_own_network_is_not_called():
    with serving({}) as server:
        one = HandOff.objects.get(order=partner_order(partner(webhook_url=f"{server.url}/orders")))

        with pytest.raises(AddressRefused):
            tell(one)

    one.refresh_from_db()
    assert (one.status, server.asked) == ("pending", [])
    assert "private network" in one.problem or "web ports" in one.problem


def test_a_partner_who_says_no_is_told_again():
    with serving({"/orders": Answer(status=500)}) as server:
        one = HandOff.objects.get(order=partner_order(partner(webhook_url=f"{server.url}/orders")))
        with pytest.raises(Exception, match="500"):
            tell(one, trusted={server.door})
        server.answers["/orders"] = Answer(status=200)

        tell(one, trusted={server.door})

    assert (one.status, one.problem) == ("told", "")


def test_a_partner_without_an_address_to_call_gets_a_mail_with_a_table():
    one = HandOff.objects.get(
        order=partner_order(partner(webhook_url="", email="orders@kiln.example"))
    )

    tell(one)
    tell(one)

    (sent,) = mail.outbox
    name, table, _kind = sent.attachments[0]
    assert sent.to == ["orders@kiln.example"]
    assert one.reference in sent.body
    assert name.endswith(".csv")
    assert one.order.lines.get().sku in str(table)
    assert one.status == "told"


def test_a_partner_whom_nobody_can_tell_is_on_the_list_with_the_reason():
    one = HandOff.objects.get(order=partner_order(partner(webhook_url="")))

    tell(one)

    assert one.status == "pending"
    assert one.problem


def test_a_cancelled_order_is_called_off():
    order = partner_order(partner())
    one = HandOff.objects.get()
    HandOff.objects.update(status="told", told_at=timezone.now())

    fulfilment.cancel(order_id=order.pk, reason="", actor=None, now=timezone.now())

    one.refresh_from_db()
    assert one.status == "canceled"
    assert owed() == ["send", "off"]


def test_what_nobody_was_told_of_is_called_off_silently():
    order = partner_order(partner())

    fulfilment.cancel(order_id=order.pk, reason="", actor=None, now=timezone.now())

    assert HandOff.objects.get().status == "canceled"
    assert owed() == ["send"]


def test_fewer_units_are_asked_for_once_some_are_cancelled():
    order = partner_order(partner())
    HandOff.objects.update(status="told", told_at=timezone.now())
    line = order.lines.get()

    shortages.cancel_units(
        order_id=order.pk,
        units={line.pk: 1},
        reason="Fewer will do",
        key="1",
        actor=None,
        now=timezone.now(),
    )

    was, becomes = HandOff.objects.order_by("pk")
    assert (was.status, becomes.status) == ("canceled", "pending")
    assert becomes.contents == {str(line.pk): 2}
    assert owed() == ["send", "off", "send"]
    assert [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken] == []


def test_a_held_order_is_not_told_before_it_goes_on():
    order = partner_order(partner(webhook_url="", email="orders@kiln.example"))
    one = HandOff.objects.get()
    hold = orders.hold(order=order, reason="odd address", move=Move(timezone.now()))
    tell(one)
    assert (one.status, mail.outbox) == ("pending", [])

    verifying.release(hold_id=hold.pk, reason="fine", actor=None, now=timezone.now())

    assert owed() == ["send", "send"]
    assert tell(one).status == "told"


def test_an_order_from_two_places_is_sent_from_both():
    place = partner()
    variant = stocked_at(place, 2, variant=in_stock(2))

    order = paid_order(variant=variant, quantity=3)

    assert HandOff.objects.get().contents == {str(order.lines.get().pk): 1}
    parcel = fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=timezone.now()
    )
    assert parcel.lines.get().quantity == 2
    assert parcel.location == Location.objects.exclude(kind="partner").get()
