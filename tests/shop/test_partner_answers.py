"""What partners tell at their address, and what the shop makes of it."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Hold
from orders.services import orders
from orders.services.orders import Move
from shipping.models import Fulfilment, HandOff
from shop.lib.signatures import sign
from shop.processes import bookkeeping
from tests.processes.handed_off import SECRET, answer, partner, partner_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return partner()


@pytest.fixture
def order(place):
    return partner_order(place)


def shipped(**fields):
    return {
        "reference": HandOff.objects.order_by("-pk")[0].reference,
        "status": "shipped",
        "carrier": "DPD",
        "tracking_number": "15501",
        **fields,
    }


def refused(**fields):
    return shipped(status="refused", reason="None left", **fields)


def broken():
    return [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken]


def test_tracking_sends_the_units_with_carrier_and_number(client, place, order):
    response = answer(client, place, shipped())

    order.refresh_from_db()
    parcel, one = Fulfilment.objects.get(), HandOff.objects.get()
    assert response.json() == {"reference": one.reference, "status": "shipped"}
    assert (parcel.carrier, parcel.tracking_number, parcel.location) == ("DPD", "15501", place)
    assert (order.status, one.fulfilment) == ("completed", parcel)
    assert broken() == []


def test_the_same_answer_twice_sends_once(client, place, order):
    first, second = answer(client, place, shipped()), answer(client, place, shipped())

    assert (first.status_code, second.status_code) == (200, 200)
    assert Fulfilment.objects.count() == 1


def test_a_part_is_sent_and_the_rest_asked_for_anew(client, place, order):
    line = order.lines.get()

    answer(client, place, shipped(lines=[{"line": line.pk, "quantity": 2}]))

    line.refresh_from_db()
    first, rest = HandOff.objects.order_by("pk")
    assert (line.fulfilled, first.status) == (2, "shipped")
    assert (rest.status, rest.contents) == ("pending", {str(line.pk): 1})


def test_more_than_was_asked_for_is_refused(client, place, order):
    lines = [{"line": order.lines.get().pk, "quantity": 4}]

    assert answer(client, place, shipped(lines=lines)).status_code == 409
    assert HandOff.objects.get().status == "pending"


def test_a_refusal_stops_the_order_and_says_why(client, place, order):
    answer(client, place, refused())
    answer(client, place, refused())

    hold = Hold.objects.get(order=order)
    assert hold.kind == "out_of_stock"
    assert "None left" in hold.reason
    assert HandOff.objects.get().status == "refused"


def test_what_was_refused_is_not_sent_after_all(client, place, order):
    answer(client, place, refused())

    assert answer(client, place, shipped()).status_code == 409
    assert not Fulfilment.objects.exists()


def test_what_was_called_off_is_not_sent(client, place, order):
    HandOff.objects.update(status="canceled")

    assert answer(client, place, shipped()).status_code == 409


def test_an_order_on_hold_is_not_sent(client, place, order):
    orders.hold(order=order, reason="odd address", move=Move(timezone.now()))

    response = answer(client, place, shipped())

    assert response.status_code == 409
    assert "hold" in response.json()["problem"]
    assert HandOff.objects.get().status == "pending"


def test_an_unknown_reference_is_not_found(client, place, order):
    assert answer(client, place, shipped(reference="nobody")).status_code == 404


def test_another_partners_reference_is_not_found(client, place, order):
    other = partner("clay")

    assert answer(client, other, shipped()).status_code == 404


def test_an_unknown_partner_is_not_found(client, place, order):
    assert answer(client, "nobody", shipped()).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b'{"status": "shipped"}',
        b'{"status": "lost", "reference": "x"}',
        b'{"status": "shipped", "reference": 7}',
        b'{"status": "shipped", "reference": "x", "lines": [{"line": "1", "quantity": 1}]}',
        b'{"status": "shipped", "reference": "x", "lines": [{"line": 1, "quantity": -1}]}',
        b'{"status": "shipped", "reference": "x", "lines": 3}',
        b"\xff\xfe",
        b"[" * 50_000,
    ],
)
def test_what_is_no_message_is_refused(client, place, order, body):
    assert answer(client, place, body).status_code == 400


@pytest.mark.parametrize("header", ["x", "t=1,v1=" + "0" * 64, "t=999999999999,v1=" + "0" * 64])
def test_strangers_are_refused(client, place, order, header):
    assert answer(client, place, shipped(), header=header).status_code == 403
    assert not Fulfilment.objects.exists()


def test_another_secret_is_refused(client, place, order):
    assert answer(client, place, shipped(), secret="other").status_code == 403


def test_a_partner_without_a_secret_is_refused(client, order, place):
    place.secret = ""
    place.save()

    assert answer(client, place, shipped(), secret="").status_code == 403


def test_an_old_message_is_refused(client, place, order):
    body = json.dumps(shipped()).encode()
    old = sign(body, secret=SECRET, now=timezone.now() - dt.timedelta(minutes=6))

    assert answer(client, place, body, header=old).status_code == 403


def test_the_address_is_for_messages_alone(client, place):
    assert client.get(reverse("shipping:partner_answer", args=["kiln"])).status_code == 405
