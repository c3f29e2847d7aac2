from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Order, OrderEvent
from shop.audit.models import Entry
from tests.factories import paid_order, placed_order, shipped_order

pytestmark = pytest.mark.django_db


def test_tells_an_order_with_lines_address_and_parcels(calling):
    order = shipped_order(quantity=2)

    told = calling("orders:read").get(f"/orders/{order.number}").json()

    assert (told["status"], told["fulfillment_status"]) == ("completed", "fulfilled")
    assert told["address"]["postcode"] == "N1 9GU"
    assert Decimal(told["total"]) == order.total
    (line,) = told["lines"]
    assert (line["quantity"], line["shipped"]) == (2, 2)
    (parcel,) = told["shipments"]
    assert parcel["tracking_number"] == "QB123456789GB"


def test_tells_nobody_the_link_that_opens_the_order(calling):
    order = placed_order()

    answer = calling().get(f"/orders/{order.number}")

    assert order.link_token.encode() not in answer.content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=confirmed", "paid"),
        ("payment=pending", "placed"),
        ("fulfillment=fulfilled", None),
        ("placed_since=2999-01-01T00:00:00Z", None),
    ],
)
def test_finds_orders_by_their_states(calling, query, found):
    numbers = {"paid": paid_order().number, "placed": placed_order().number}

    page = calling().get(f"/orders?{query}").json()

    assert [one["number"] for one in page["data"]] == ([numbers[found]] if found else [])


def test_knows_no_drafts(calling):
    order = placed_order()
    Order.objects.update(status=Order.Status.DRAFT)
    caller = calling()

    assert caller.get("/orders").json()["data"] == []
    assert caller.get(f"/orders/{order.number}").status_code == 404


def test_asks_the_database_as_often_for_many_orders_as_for_one(
    calling, django_assert_max_num_queries
):
    caller = calling()
    for _number in range(3):
        placed_order()

    with django_assert_max_num_queries(7):
        caller.get("/orders")


def test_writes_a_note_into_the_history(calling):
    order = placed_order()

    answer = calling("orders:write").post(
        f"/orders/{order.number}/notes", {"text": "Label printed"}
    )

    assert answer.status_code == 201
    note = OrderEvent.objects.get(pk=answer.json()["id"])
    assert (note.order, note.axis, note.note) == (order, "note", "Till: Label printed")


def test_pins_just_the_tags_it_is_told(calling):
    order, caller = placed_order(), calling("orders:write")
    caller.send("PUT", f"/orders/{order.number}/tags", {"tags": ["Gift", "fragile"]})

    answer = caller.send("PUT", f"/orders/{order.number}/tags", {"tags": ["fragile", "VIP"]})

    assert answer.status_code == 200
    assert answer.json()["tags"] == ["fragile", "vip"]
    order.refresh_from_db()
    assert order.tags == ["fragile", "vip"]


@pytest.mark.parametrize("tags", [["x" * 41], ["one,two"], [""], [f"t{n}" for n in range(21)]])
def test_pins_no_tags_that_are_none(calling, tags):
    order = placed_order()

    answer = calling().send("PUT", f"/orders/{order.number}/tags", {"tags": tags})

    assert answer.status_code == 422
    order.refresh_from_db()
    assert order.tags == []


def test_reading_many_peoples_orders_at_once_is_on_record(calling):
    first = placed_order()
    copies = [Order.objects.get(pk=first.pk) for _number in range(21)]
    for number, copy in enumerate(copies):
        copy.pk, copy.number, copy.cart, copy.placed_at = None, f"C{number}", None, timezone.now()
    Order.objects.bulk_create(copies)
    caller = calling()

    caller.get("/orders?limit=20")
    caller.get("/orders?limit=22")

    (entry,) = Entry.objects.filter(kind=Entry.Kind.READ)
    assert (entry.count, entry.act) == (22, "orders over the API")
    assert entry.actor_name.startswith("API key Till")


@pytest.mark.parametrize(
    "path", ["/orders/99999", "/orders/99999/notes", "/orders/99999/shipments"]
)
def test_orders_that_are_not_there_are_not_found(calling, path):
    caller = calling()

    answer = caller.get(path) if path.count("/") == 2 else caller.post(path, {})

    # What is sent is looked at first: a note without words is wrong for every order.
    assert answer.status_code == (422 if path.endswith("notes") else 404)
