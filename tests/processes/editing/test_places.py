"""Another address, another way of delivery."""

from decimal import Decimal

import pytest
from django.utils import timezone

from orders.services import orders
from orders.services.orders import Move
from payments.models import GrantedRefund
from shipping.models import Fulfilment
from shipping.services import parcels
from shipping.services.parcels import PickingStarted
from shop.processes import editing
from shop.processes.editing import Amendment, CannotChange, NewAddress, NewDelivery
from tests.factories import in_stock, paid_order
from tests.processes.editing.changing import added, amend, broken, left, line_of

pytestmark = pytest.mark.django_db
HOME = NewAddress("Ada Byron", "1 New Row", "", "Leeds", "LS1 1AA", "GB")


def express(price="12.00"):
    return NewDelivery("express", "Express", Decimal(price))


def parcel_of(order, status="pending"):
    line = line_of(order)
    return parcels.make(
        order=order,
        contents=[(line, line.quantity)],
        location=None,
        move=Move(timezone.now()),
        status=status,
    )


def test_an_address_is_corrected_and_told():
    order = paid_order()
    made = parcel_of(order)

    edit = amend(order, address=HOME)

    made.refresh_from_db()
    assert (order.name, order.city, order.postcode) == ("Ada Byron", "Leeds", "LS1 1AA")
    assert (edit.difference, edit.changes[0]["what"]) == (0, "address")
    assert "12 Analytical Row" in edit.changes[0]["was"]
    assert made.status == Fulfilment.Status.CANCELED


@pytest.mark.parametrize("country", ["DE", "US"])
def test_an_address_that_is_taxed_otherwise_is_refused(country):
    order = paid_order()

    with pytest.raises(CannotChange):
        amend(order, address=NewAddress("A", "1", "", "B", "10115", country))

    order.refresh_from_db()
    assert order.country == "GB"


def test_an_address_is_not_changed_once_somebody_packs():
    order = paid_order()
    parcel_of(order, "packed")

    with pytest.raises(PickingStarted):
        amend(order, address=HOME)


def test_units_in_somebodys_hands_are_not_taken_off_but_others_are():
    order = paid_order(variant=in_stock(5), quantity=3)
    line = line_of(order)
    parcels.make(
        order=order,
        contents=[(line, 2)],
        location=None,
        move=Move(timezone.now()),
        status="picking",
    )

    with pytest.raises(PickingStarted):
        amend(order, "1", units={line.pk: 1})
    edit = amend(order, "2", units={line.pk: 2})

    assert edit.difference == -22


def test_dearer_delivery_is_a_line_more_that_nobody_has_to_send():
    order = paid_order()
    charged = order.shipping_gross

    edit = amend(order, delivery=express())

    line = edit.lines.get()
    assert (line.title, line.gross, line.unfulfilled) == ("Delivery: Express", 12 - charged, 0)
    assert (order.shipping_name, order.fulfillment_status) == ("Express", "unfulfilled")
    assert left(order) == 12 - charged
    assert order.can_cancel
    assert broken() == []


def test_cheaper_delivery_is_given_back_what_came_on_top_first():
    order = paid_order()
    charged = order.shipping_gross
    amend(order, "1", delivery=express())

    edit = amend(order, "2", delivery=express("1.00"))

    assert edit.difference == -11
    rows = GrantedRefund.objects.get().lines.order_by("gross")
    assert sorted(row.gross for row in rows) == sorted([12 - charged, charged - 1])
    assert (left(order), edit.changes[0]["was"]) == (0, "Express, £12.00")
    assert broken() == []


class TestLookingAhead:
    def test_a_preview_is_what_the_change_comes_to_and_writes_nothing(self):
        order = paid_order()
        asked = Amendment(
            add=[added(in_stock(2), 1, "15.00")], units={line_of(order).pk: 0}, reason="Swap"
        )

        shown = editing.preview(order=order, asked=asked, now=timezone.now())

        order.refresh_from_db()
        assert (shown.difference, shown.back, shown.to_pay, shown.problems) == (-7, 7, 0, ())
        assert [one["was"] for one in shown.changes] == ["1 × £22.00", ""]
        assert (order.edits.count(), order.lines.count()) == (0, 1)
        assert amend(order, add=asked.add, units=asked.units).difference == -7

    def test_a_preview_says_what_stands_in_the_way(self):
        order = paid_order()
        bowl = in_stock(1)

        shown = editing.preview(
            order=order, asked=Amendment(add=[added(bowl, 3)]), now=timezone.now()
        )

        assert shown.problems == [f"{bowl.sku}: 1 left in stock."]
        assert orders.lock(order_id=order.pk).total == order.total
