"""Lines that an exchange or a claim brings into an order, also one that was complete."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from orders.models import OrderEdit
from orders.services import orders
from orders.services.orders import Move
from payments.models import Document, JournalEntry
from shop.processes import editing, fulfilment
from shop.processes.editing import CannotChange
from tests.factories import in_stock, placed_order, shipped_order, stock_of
from tests.processes.editing.changing import added, broken, left, line_of
from tests.processes.test_fulfilment import PARCEL

pytestmark = pytest.mark.django_db


def within(order, add=(), remove=(), key="RMA-1", cause=OrderEdit.Cause.EXCHANGE):
    with transaction.atomic():
        held = orders.lock(order_id=order.pk)
        edit = editing.amend_within(
            order=held,
            cause=cause,
            add=add,
            remove=dict(remove),
            reason="Too small",
            key=key,
            move=Move(timezone.now()),
        )
    order.refresh_from_db()
    return edit


def test_a_complete_order_is_open_again_until_the_new_piece_has_left():
    order = shipped_order()
    sold_at = order.confirmed_at

    edit = within(order, [added(in_stock(2), 1, "22.00")])

    assert (order.status, order.fulfillment_status) == ("confirmed", "partially_fulfilled")
    assert (order.confirmed_at, edit.difference, left(order)) == (sold_at, 22, 22)
    assert broken() == []


def test_a_piece_sent_again_costs_nothing_and_needs_no_invoice():
    order = shipped_order()
    bowl = in_stock(2)

    edit = within(order, [added(bowl, 1, "0")], cause=OrderEdit.Cause.CLAIM)
    fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=PARCEL, actor=None, now=timezone.now()
    )

    order.refresh_from_db()
    assert (edit.difference, order.status, order.payment_status) == (0, "completed", "paid")
    assert stock_of(bowl) == (1, 0)
    assert not Document.objects.filter(edit=edit).exists()
    assert not JournalEntry.objects.filter(source=f"edit-{edit.pk}-sale").exists()
    assert broken() == []


def test_a_fee_does_not_open_a_complete_order():
    order = shipped_order()

    edit = within(order, [added(None, 1, "3.00", title="Way back")])

    assert (order.status, order.fulfillment_status) == ("completed", "fulfilled")
    assert (edit.difference, edit.lines.get().tax) == (3, Decimal("0.50"))


def test_the_same_key_brings_nothing_twice():
    order, bowl = shipped_order(), in_stock(3)

    first = within(order, [added(bowl)])
    second = within(order, [added(bowl)])

    assert first == second
    assert stock_of(bowl) == (3, 1)


def test_sent_units_are_not_taken_off():
    order = shipped_order()

    with pytest.raises(CannotChange):
        within(order, [added(in_stock(2))], {line_of(order).pk: 1})


def test_an_order_that_is_no_sale_is_refused():
    with pytest.raises(CannotChange):
        within(placed_order(payment_method="bank_transfer"), [added(in_stock(2))])
