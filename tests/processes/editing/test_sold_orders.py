"""Orders that were sold: lines come in, units go, the difference is charged or given back."""

from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import Allocation
from inventory.services.stock import OutOfStock
from orders.models import OrderEdit, OrderEvent
from payments.models import Document, GrantedRefund, JournalEntry, Refund
from payments.services.documents import einvoice
from shop.outbox.models import Message
from shop.processes import checkout, fulfilment, refunding
from shop.processes.editing import CannotChange, ChangedMeanwhile, version
from tests.factories import in_stock, paid_order, shipped_order, stock_of
from tests.factories.promotions import promotion
from tests.factories.specials import bundle_of
from tests.processes.editing.changing import added, amend, broken, left, line_of
from tests.processes.test_fulfilment import PARCEL

pytestmark = pytest.mark.django_db


def pay(order):
    checkout.mark_paid(order_id=order.pk, actor=None, reference="rest", now=timezone.now())
    order.refresh_from_db()


def send(order):
    fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=PARCEL, actor=None, now=timezone.now()
    )
    order.refresh_from_db()


def test_a_line_more_is_charged_by_the_orders_link():
    order = paid_order(quantity=2)
    total = order.total
    bowl = in_stock(5, price="30.00")

    edit = amend(order, add=[added(bowl, 2, "30.00")], reason="By phone")

    assert (edit.difference, order.total, left(order)) == (60, total + 60, 60)
    assert (order.payment_status, order.can_be_paid, order.paid_at) == (
        "partially_paid",
        True,
        None,
    )
    assert edit.lines.get().tax == Decimal("10.00")
    assert stock_of(bowl) == (5, 2)
    assert Document.objects.get(edit=edit).total == 60
    assert JournalEntry.objects.filter(source=f"edit-{edit.pk}-sale").exists()
    assert Message.objects.filter(topic="mail.order_changed").count() == 1
    assert broken() == []


def test_what_was_added_is_paid_sent_and_completes_the_order():
    order = paid_order()
    amend(order, add=[added(in_stock(5), 1, "22.00")])

    pay(order)
    send(order)

    assert (order.status, order.payment_status, left(order)) == ("completed", "paid", 0)
    assert broken() == []


def test_units_that_go_are_free_and_paid_back_with_their_tax():
    order = paid_order(variant=in_stock(3), quantity=3)
    line = line_of(order)

    edit = amend(order, units={line.pk: 1})

    grant = GrantedRefund.objects.get()
    assert (edit.difference, grant.total, grant.unpaid) == (-44, 44, 0)
    assert stock_of(line.variant) == (3, 1)
    assert Document.objects.get(kind="credit_note").total == 44
    assert Refund.objects.get().amount == 44
    assert broken() == []


def test_a_piece_for_another_moves_only_the_difference():
    order = paid_order()
    line, bowl = line_of(order), in_stock(2)

    edit = amend(order, units={line.pk: 0}, add=[added(bowl, 1, "30.00")])

    assert (edit.difference, left(order)) == (8, 8)
    assert (stock_of(line.variant), stock_of(bowl)) == ((10, 0), (2, 1))
    assert not Refund.objects.exists()
    assert broken() == []


def test_a_cheaper_piece_for_another_sends_the_rest_back():
    order = paid_order()

    edit = amend(order, units={line_of(order).pk: 0}, add=[added(in_stock(2), 1, "15.00")])

    assert (edit.difference, left(order), Refund.objects.get().amount) == (-7, 0, 7)
    assert broken() == []


def test_a_lower_price_is_given_back_on_its_line_alone():
    order = paid_order(quantity=2)
    amend(order, "0", add=[added(in_stock(2), 1, "10.00")])
    line = line_of(order)

    edit = amend(order, prices={line.pk: Decimal("20.00")})

    grant = GrantedRefund.objects.get()
    assert (edit.difference, grant.kind) == (-4, "goodwill")
    assert [row.line_id for row in grant.lines.all()] == [line.pk]
    assert broken() == []


def test_a_higher_price_takes_the_units_off_and_brings_them_in_again():
    order = paid_order(variant=in_stock(2), quantity=2)
    line = line_of(order)

    edit = amend(order, prices={line.pk: Decimal("25.00")})

    line.refresh_from_db()
    assert (edit.difference, left(order), line.canceled) == (6, 6, 2)
    assert stock_of(line.variant) == (2, 2)
    assert edit.lines.get().unit_price == 25
    assert broken() == []


def test_a_discounted_line_is_changed_by_what_was_paid_for_it():
    promotion("percent", {"percent": "10"})
    order = paid_order(variant=in_stock(9, price="9.99"), quantity=3)
    line = line_of(order)

    edit = amend(order, units={line.pk: 5})

    assert edit.lines.get().unit_price == Decimal("8.99")
    assert (edit.difference, edit.changes[0]["was"]) == (Decimal("17.98"), "3 × £8.99")
    assert broken() == []


def test_a_bundle_comes_in_with_its_parts():
    cup, saucer = in_stock(8), in_stock(4)
    order = paid_order()

    amend(order, add=[added(bundle_of({cup: 2, saucer: 1}), 3, "40.00")])

    assert (stock_of(cup), stock_of(saucer)) == ((8, 6), (4, 3))
    assert broken() == []


def test_nothing_happens_when_one_new_piece_is_out_of_stock():
    order = paid_order(quantity=2)
    total, line = order.total, line_of(order)

    with pytest.raises(OutOfStock):
        amend(order, units={line.pk: 1}, add=[added(in_stock(1), 2)])

    order.refresh_from_db()
    assert (order.total, order.edits.count(), stock_of(line.variant)) == (total, 0, (10, 2))
    assert broken() == []


def test_the_same_form_twice_changes_once():
    order = paid_order()
    bowl = in_stock(5)

    first = amend(order, "form-1", add=[added(bowl)])
    second = amend(order, "form-1", add=[added(bowl)])

    assert (first, OrderEdit.objects.count(), stock_of(bowl)) == (second, 1, (5, 1))


def test_the_second_of_two_people_is_told():
    order = paid_order()
    seen = version(order)
    amend(order, "1", seen, add=[added(in_stock(5))])

    with pytest.raises(ChangedMeanwhile):
        amend(order, "2", seen, add=[added(in_stock(5))])

    assert OrderEdit.objects.count() == 1


def test_the_log_tells_what_was_and_what_is_and_why():
    order = paid_order(quantity=2)

    edit = amend(order, units={line_of(order).pk: 1}, reason="One is enough")

    event = OrderEvent.objects.get(axis="edit")
    assert edit.changes == [
        {"what": "line", "name": edit.changes[0]["name"], "was": "2 × £22.00", "is": "1 × £22.00"}
    ]
    assert "2 × £22.00 > 1 × £22.00. One is enough" in event.note


@pytest.mark.parametrize("asked", [{}, {"reason": "No reason"}])
def test_nothing_to_change_is_refused(asked):
    order = paid_order()

    with pytest.raises(CannotChange):
        amend(order, **asked)

    assert not order.edits.exists()


def test_what_has_left_is_not_taken_off():
    order = shipped_order()

    with pytest.raises(CannotChange):
        amend(order, units={line_of(order).pk: 0})


def test_an_order_of_which_nothing_would_stay_is_cancelled_instead():
    order = paid_order()

    with pytest.raises(CannotChange):
        amend(order, units={line_of(order).pk: 0})

    assert Allocation.objects.get().quantity == 1


def test_an_order_that_was_part_refunded_can_be_paid_further():
    order = paid_order(quantity=2)
    amend(order, "1", units={line_of(order).pk: 1})
    back = Refund.objects.get()
    refunding.sent(refund_id=back.pk, reference="9", actor=None, now=timezone.now())

    amend(order, "2", add=[added(in_stock(2), 1, "30.00")])
    assert (order.payment_status, left(order)) == ("partially_paid", 30)
    pay(order)
    send(order)

    assert (order.status, order.payment_status) == ("completed", "partially_refunded")
    assert broken() == []


def test_the_invoice_of_a_change_is_sound_for_machines():
    order = paid_order()

    edit = amend(order, add=[added(in_stock(2), 1, "30.00"), added(None, 1, "5.00", title="Wrap")])

    content = Document.objects.get(edit=edit).content
    assert (content["total"], content["payment"]["due"]) == ("35.00", "35.00")
    assert einvoice.xml(content, schema=einvoice.SCHEMA)
