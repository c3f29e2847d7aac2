"""Units that were promised and are not there: what staff decide, and what becomes of the order."""

import pytest
from django.utils import timezone

from inventory.models import Allocation, Backorder, Shortage
from inventory.services import shortages as rows
from inventory.services.shortages import NotShort
from orders.services.replacing import CannotReplace
from payments.models import GrantedRefund
from shop.processes import bookkeeping, filling, fulfilment, shortages
from shop.processes.fulfilment import NothingToShip, NotNow, Short
from tests.factories import in_stock, placed_order, stock_of
from tests.processes.shorts import bring, lose, open_shortage, settled, short_order
from tests.processes.test_fulfilment import PARCEL

pytestmark = pytest.mark.django_db


def decide(step, order, **fields):
    asked = {"order_id": order.pk, "line_id": order.lines.get().pk, "reason": "", "actor": None}
    return step(**asked | fields, now=timezone.now())


def words(order, state):
    events = order.events.filter(axis="line", to_state=state)
    return [event.note for event in events.order_by("pk")]


def broken():
    return [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken]


def test_waiting_promises_the_missing_units_for_later():
    order = short_order()

    decide(shortages.wait, order, reason="Asked by telephone.")

    line = order.lines.get()
    coming = Backorder.objects.get(holder=line.holder)
    assert (coming.kind, coming.quantity) == ("short", 2)
    assert settled() == [(2, "wait")]
    assert "Asked by telephone." in words(order, "waiting")[0]
    assert broken() == []


def test_what_is_waited_for_is_set_aside_when_it_comes():
    order = short_order()
    decide(shortages.wait, order)

    bring(order.lines.get().variant, 5)
    filling.fill(variant_ids=[order.lines.get().variant_id], now=timezone.now())

    assert stock_of(order.lines.get().variant) == (6, 3)
    assert not Backorder.objects.exists()


def test_another_piece_takes_the_place_at_the_price_that_was_paid():
    order = short_order()
    other = in_stock(5, cost="9.00", sku="MOSS-1", price="30.00")
    was = order.lines.get()

    decide(shortages.substitute, order, sku="moss-1")

    line = order.lines.get()
    assert (line.sku, line.variant, line.title) == ("MOSS-1", other, other.product.title)
    assert (line.gross, line.unit_price, line.unit_cost) == (was.gross, was.unit_price, 9)
    assert stock_of(other) == (5, 3)
    assert stock_of(was.variant) == (1, 0)
    assert settled() == [(2, "substitute")]
    assert was.sku in words(order, "substituted")[0]
    assert "MOSS-1" in words(order, "substituted")[0]
    assert broken() == []


def test_a_piece_of_which_there_are_too_few_changes_nothing():
    order = short_order()
    in_stock(2, sku="MOSS-1")

    with pytest.raises(rows.stock.OutOfStock):
        decide(shortages.substitute, order, sku="MOSS-1")

    assert open_shortage().quantity == 2
    assert order.lines.get().sku != "MOSS-1"


@pytest.mark.parametrize("sku", ["", "GONE", "SELF"])
def test_a_piece_that_is_none_is_refused(sku):
    order = short_order()

    with pytest.raises(CannotReplace):
        decide(shortages.substitute, order, sku=order.lines.get().sku if sku == "SELF" else sku)


def test_a_line_of_which_a_part_has_left_is_not_replaced():
    order = short_order()
    in_stock(5, sku="MOSS-1")
    fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=PARCEL, actor=None, now=timezone.now()
    )

    with pytest.raises(CannotReplace):
        decide(shortages.substitute, order, sku="MOSS-1")


def test_splitting_sends_what_is_there_and_the_rest_waits():
    order = short_order()

    shortages.split(order_id=order.pk, parcel=PARCEL, actor=None, now=timezone.now())

    order.refresh_from_db()
    line = order.lines.get()
    assert (line.fulfilled, order.fulfillment_status) == (1, "partially_fulfilled")
    assert Backorder.objects.get(holder=line.holder).quantity == 2
    assert broken() == []


def test_nothing_is_split_when_nothing_is_there():
    order = short_order(missing=3)

    with pytest.raises(NothingToShip):
        shortages.split(order_id=order.pk, parcel=PARCEL, actor=None, now=timezone.now())

    assert open_shortage().quantity == 3


def test_cancelling_what_is_missing_gives_its_money_back():
    order = short_order()

    decide(shortages.cancel, order, reason="Not made any more.")

    order.refresh_from_db()
    line = order.lines.get()
    grant = GrantedRefund.objects.get()
    assert (line.canceled, line.unfulfilled, order.status) == (2, 1, "confirmed")
    assert grant.total == 44
    assert settled() == [(2, "cancel")]
    assert stock_of(line.variant) == (1, 1)
    assert "Not made any more." in words(order, "canceled")[0]
    assert broken() == []


def test_cancelling_all_of_an_order_calls_it_off():
    order = short_order(missing=3)

    decide(shortages.cancel, order)

    order.refresh_from_db()
    assert order.status == "canceled"
    assert settled() == [(3, "cancel")]
    assert GrantedRefund.objects.get().total == order.total
    assert broken() == []


def test_an_order_is_complete_when_all_that_is_left_has_gone():
    order = short_order()
    fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=PARCEL, actor=None, now=timezone.now()
    )

    decide(shortages.cancel, order)

    order.refresh_from_db()
    assert (order.status, order.fulfillment_status) == ("completed", "fulfilled")
    assert broken() == []


def test_what_is_settled_is_not_settled_again():
    order = short_order()
    decide(shortages.wait, order)

    for step in (shortages.wait, shortages.cancel):
        with pytest.raises(NotShort):
            decide(step, order)


def test_nothing_is_decided_about_a_closed_order():
    order = short_order()
    fulfilment.cancel(order_id=order.pk, reason="", actor=None, now=timezone.now())

    with pytest.raises(NotNow):
        decide(shortages.wait, order)
    assert not Shortage.objects.filter(settled_at=None).exists()


def test_confirming_tells_what_is_missing():
    order = short_order(make=placed_order, payment_method="bank_transfer")

    with pytest.raises(Short) as refusal:
        fulfilment.verify(order_id=order.pk, actor=None, now=timezone.now())

    assert f"2 × {order.lines.get().sku}" in refusal.value.message


def test_confirming_sets_aside_what_is_there_again():
    order = short_order(make=placed_order, payment_method="bank_transfer")
    bring(order.lines.get().variant, 2)

    fulfilment.verify(order_id=order.pk, actor=None, now=timezone.now())

    assert settled() == [(2, "found")]
    assert stock_of(order.lines.get().variant) == (3, 3)
    assert broken() == []


def test_a_promise_that_nobody_keeps_is_noticed_when_the_order_is_confirmed():
    order = placed_order(variant=in_stock(3), quantity=3, payment_method="bank_transfer")
    line = order.lines.get()
    rows.stock.release(holders=[line.holder], reference="", now=timezone.now())
    lose(line.variant, 3)

    with pytest.raises(Short):
        fulfilment.verify(order_id=order.pk, actor=None, now=timezone.now())

    assert Allocation.objects.count() == 0
    assert open_shortage().quantity == 3
