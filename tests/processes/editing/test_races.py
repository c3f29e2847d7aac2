"""A change meets a parcel, a refund, another change and the buyer: one of them comes first."""

from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Order, OrderEdit
from payments.models import Payment, Refund
from payments.services import payments
from payments.services.grants import Asked
from shop.lib.errors import Refused
from shop.processes import bookkeeping, editing, fulfilment, refunding, selfservice
from shop.processes.editing import Amendment
from shop.processes.picking import make_wave, start_wave
from tests.factories import in_stock, paid_order, stock_of
from tests.processes.editing.changing import added, line_of
from tests.processes.test_fulfilment import PARCEL
from tests.processes.test_stored_value_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def attempt(job):
    """What a job does, or None when it was refused."""

    def run():
        try:
            return job()
        except Refused:
            return None

    return run


def amends(order, key, **asked):
    return attempt(
        lambda: editing.amend(
            order_id=order.pk, asked=Amendment(**asked), key=key, actor=None, now=timezone.now()
        )
    )


def dispatches(order):
    return attempt(
        lambda: fulfilment.dispatch(
            order_id=order.pk, quantities=None, parcel=PARCEL, actor=None, now=timezone.now()
        )
    )


def refunds(order, units, key):
    return attempt(
        lambda: refunding.refund(
            order_id=order.pk,
            asked=Asked(units),
            to="origin",
            reason="Broken",
            key=key,
            actor=None,
            now=timezone.now(),
        )
    )


def broken():
    return [one.name for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken]


def money_kept():
    return sum(one.charged - one.refunded - one.refund_pending for one in Payment.objects.all())


@pytest.mark.parametrize("turn", range(3))
def test_units_are_sent_or_taken_off_and_never_both(turn):
    order = paid_order(variant=in_stock(3), quantity=3)
    line = line_of(order)

    at_once([dispatches(order), amends(order, "1", units={line.pk: 1})])

    line.refresh_from_db()
    on_hand, allocated = stock_of(line.variant)
    assert (line.fulfilled, line.canceled) in {(3, 0), (1, 2)}
    assert (on_hand, allocated) == (3 - line.fulfilled, 0)
    assert money_kept() == order.total - 22 * line.canceled
    assert broken() == []


@pytest.mark.parametrize("turn", range(3))
def test_a_unit_is_granted_back_once_whoever_takes_it(turn):
    order = paid_order(variant=in_stock(2), quantity=2)
    line = line_of(order)

    at_once(
        [
            refunds(order, {line.pk: 2}, "form-1"),
            amends(order, "1", units={line.pk: 0}, add=[added(in_stock(2), 1, "10.00")]),
        ]
    )

    granted = sum((one.amount for one in Refund.objects.all()), Decimal(0))
    assert granted <= 44
    assert money_kept() == Order.objects.get().total - 44 - _left(order)
    assert broken() == []


def _left(order):
    """What the buyer still owes."""
    return payments.left_to_pay(Order.objects.get(pk=order.pk))


def test_ten_clicks_on_one_button_change_once():
    order, bowl = paid_order(), in_stock(20)

    made = at_once([amends(order, "form-1", add=[added(bowl)])] * 10)

    assert len({one.pk for one in made}) == OrderEdit.objects.count() == 1
    assert stock_of(bowl) == (20, 1)
    assert broken() == []


def test_the_last_piece_comes_into_one_of_many_orders():
    bowl = in_stock(1)
    orders = [paid_order() for _one in range(4)]

    made = at_once([amends(one, f"form-{one.pk}", add=[added(bowl)]) for one in orders])

    assert len([one for one in made if one]) == 1
    assert stock_of(bowl) == (1, 1)
    assert broken() == []


def test_changes_in_opposite_directions_do_not_wait_for_each_other():
    cup, bowl = in_stock(20), in_stock(20)
    first, second = paid_order(variant=cup, quantity=2), paid_order(variant=bowl, quantity=2)

    made = at_once(
        [
            amends(first, "1", units={line_of(first).pk: 0}, add=[added(bowl, 2, "22.00")]),
            amends(second, "2", units={line_of(second).pk: 0}, add=[added(cup, 2, "22.00")]),
        ]
    )

    assert [one.difference for one in made] == [0, 0]
    assert (stock_of(cup), stock_of(bowl)) == ((20, 2), (20, 2))
    assert broken() == []


@pytest.mark.parametrize("turn", range(3))
def test_a_buyer_who_cancels_meets_the_picker(turn):
    order = paid_order(variant=in_stock(2), quantity=2)
    line = line_of(order)

    def pick():
        location = line.variant.stock_items.get().location
        wave = make_wave(location=location, order_ids=[order.pk], actor=None, now=timezone.now())
        return start_wave(wave_id=wave.pk, actor=None, now=timezone.now())

    cancel = attempt(lambda: selfservice.cancel(order_id=order.pk, reason="No", now=timezone.now()))
    picked, canceled = at_once([attempt(pick), cancel])

    order.refresh_from_db()
    assert (order.status == "canceled") == bool(canceled)
    assert not (picked and canceled)
    assert stock_of(line.variant) == ((2, 0) if canceled else (2, 2))
    assert broken() == []
