import pytest

from orders.models import Order
from shipping.models import Fulfilment
from shop.outbox.models import Message
from tests.factories import in_stock, paid_order, placed_order, shipped_order, stock_of

pytestmark = pytest.mark.django_db


def test_sends_all_that_is_set_aside(calling):
    order = paid_order(variant=in_stock(10), quantity=2)

    answer = calling("orders:write").post(
        f"/orders/{order.number}/shipments", {"carrier": "Royal Mail", "tracking_number": "QB1"}
    )

    assert answer.status_code == 201
    told = answer.json()
    assert (told["status"], told["fulfillment_status"]) == ("completed", "fulfilled")
    parcel = Fulfilment.objects.get(pk=told["id"])
    assert (parcel.carrier, parcel.tracking_number) == ("Royal Mail", "QB1")
    assert Message.objects.filter(topic="mail.order_shipped").count() == 1


def test_sends_some_units_and_the_rest_later(calling):
    variant = in_stock(10)
    order, caller = paid_order(variant=variant, quantity=3), calling()
    line = order.lines.get().pk

    first = caller.post(
        f"/orders/{order.number}/shipments", {"lines": [{"line": line, "units": 2}]}
    )
    second = caller.post(f"/orders/{order.number}/shipments", {})

    assert first.json()["fulfillment_status"] == "partially_fulfilled"
    assert second.json()["fulfillment_status"] == "fulfilled"
    assert stock_of(variant) == (7, 0)


def test_the_same_shipment_told_twice_leaves_once(calling):
    order, caller = paid_order(variant=in_stock(10), quantity=4), calling()
    half = {"lines": [{"line": order.lines.get().pk, "units": 2}]}

    answers = [
        caller.post(f"/orders/{order.number}/shipments", half, key="parcel-1") for _try in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert Fulfilment.objects.count() == 1
    assert order.lines.get().fulfilled == 2


@pytest.mark.parametrize("units", [3, 1000])
def test_sends_no_more_than_was_bought(calling, units):
    order = paid_order(variant=in_stock(10), quantity=2)
    lines = [{"line": order.lines.get().pk, "units": units}]

    answer = calling().post(f"/orders/{order.number}/shipments", {"lines": lines})

    assert answer.status_code == 409
    assert not Fulfilment.objects.exists()


def test_sends_nothing_of_another_order(calling):
    order, other = paid_order(), paid_order()
    lines = [{"line": other.lines.get().pk, "units": 1}]

    answer = calling().post(f"/orders/{order.number}/shipments", {"lines": lines})

    assert answer.status_code == 404


def test_sends_nothing_that_is_not_paid(calling):
    order = placed_order()

    assert calling().post(f"/orders/{order.number}/shipments", {}).status_code == 409


def test_calls_an_order_off_and_puts_its_goods_back(calling):
    variant = in_stock(10)
    order = placed_order(variant=variant, quantity=2)

    answer = calling("orders:write").post(
        f"/orders/{order.number}/cancellation", {"reason": "Broken in the kiln"}
    )

    assert answer.status_code == 201
    assert answer.json()["status"] == "canceled"
    assert stock_of(variant) == (10, 0)
    moved = order.events.get(axis="status", to_state=Order.Status.CANCELED)
    assert moved.note == "Till: Broken in the kiln"


def test_calls_nothing_off_that_has_left(calling):
    order = shipped_order()

    answer = calling().post(f"/orders/{order.number}/cancellation", {})

    assert answer.status_code == 409
    assert answer.json()["detail"]


@pytest.mark.parametrize("path", ["notes", "cancellation", "shipments"])
def test_reading_rights_write_nothing(calling, path):
    order = paid_order()

    answer = calling("orders:read").post(f"/orders/{order.number}/{path}", {})

    assert answer.status_code == 403
