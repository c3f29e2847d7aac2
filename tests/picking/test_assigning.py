"""Units that are put down for a parcel: nobody else sends them, and they can be freed."""

import pytest
from django.db import transaction

from orders.services import orders
from shipping.models import Fulfilment
from shipping.queries import assigned, has_started
from shop.processes import fulfilment, picking, shortages
from shop.processes.fulfilment import NothingToShip, Parcel
from shop.processes.picking import PickingStarted
from tests.factories import in_stock, paid_order, placed_order, stock_of
from tests.factories.floor import LocationFactory, shelved
from tests.factories.specials import bundle_of
from tests.picking.parcels import (
    NOW,
    bought,
    contents,
    move,
    packed,
    prepared,
    scanned,
    sent,
    wave_of,
    withdrawn,
)
from tests.processes.shorts import lose

pytestmark = pytest.mark.django_db


def _statuses(order):
    return list(order.fulfilments.order_by("pk").values_list("status", flat=True))


def _cancel_units(order, units, key="k"):
    line = order.lines.get()
    return shortages.cancel_units(
        order_id=order.pk, units={line.pk: units}, reason="", key=key, actor=None, now=NOW
    )


def test_a_parcel_holds_what_is_set_aside_and_stock_stays_where_it_is():
    variant = in_stock(5)
    order = paid_order(variant=variant, quantity=2)

    (parcel,) = prepared(order)

    assert parcel.status == "pending"
    assert contents(parcel) == {variant.sku: 2}
    assert stock_of(variant) == (5, 2)
    assert assigned(order) == {order.lines.get().pk: 2}


def test_nothing_is_put_down_twice():
    order = paid_order()
    prepared(order)

    assert prepared(order) == []


def test_an_order_that_may_not_leave_gets_no_parcel():
    waiting, held = placed_order(), paid_order()
    orders.hold(order=held, reason="odd", move=move())

    assert prepared(waiting) == prepared(held) == []


def test_each_place_sends_its_own_parcel():
    here, there = in_stock(2), shelved(3, location=LocationFactory())
    order = bought({here: 1, there: 2})

    made = prepared(order)

    assert [contents(one) for one in made] == [{here.sku: 1}, {there.sku: 2}]
    assert len({one.location_id for one in made}) == 2


def test_a_bundle_whose_parts_lie_apart_goes_into_a_parcel_without_a_place():
    here, there = in_stock(2), shelved(2, location=LocationFactory())
    bundle = bundle_of({here: 1, there: 1})
    order = bought({bundle: 1})

    (parcel,) = prepared(order)

    assert parcel.location is None
    assert contents(parcel) == {bundle.sku: 1}


def test_the_shipping_form_sends_only_what_is_in_no_parcel():
    order = paid_order(variant=in_stock(5), quantity=2)
    prepared(order)

    with pytest.raises(NothingToShip):
        fulfilment.dispatch(
            order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=NOW
        )


def test_a_buyer_may_cancel_until_somebody_begins():
    order = paid_order(variant=in_stock(5))
    prepared(order)

    assert not has_started(order)
    fulfilment.cancel(order_id=order.pk, reason="", actor=None, now=NOW)

    assert _statuses(order) == ["canceled"]


def test_an_order_that_is_being_picked_is_not_cancelled():
    order = paid_order(variant=in_stock(5))
    wave_of(order)

    assert has_started(order)
    with pytest.raises(PickingStarted):
        fulfilment.cancel(order_id=order.pk, reason="", actor=None, now=NOW)


def test_staff_cancel_it_all_the_same_and_nobody_picks_it_any_more():
    variant = in_stock(5)
    order = paid_order(variant=variant)
    wave = wave_of(order)

    fulfilment.cancel(order_id=order.pk, reason="", actor=None, now=NOW, force=True)

    wave.refresh_from_db()
    assert _statuses(order) == ["canceled"]
    assert (wave.status, wave.tasks.count()) == ("canceled", 0)
    assert stock_of(variant) == (5, 0)


def test_withdrawing_frees_what_nobody_has_begun_with():
    order = paid_order()
    prepared(order)

    withdrawn(order)

    assert assigned(order) == {}
    assert len(prepared(order)) == 1


def test_withdrawing_says_no_while_a_parcel_stands_packed():
    order = paid_order()
    packed(order)

    with pytest.raises(PickingStarted):
        withdrawn(order)


def test_the_rest_of_a_part_shipment_may_be_withdrawn():
    order = paid_order(variant=in_stock(5), quantity=3)
    (parcel,) = prepared(order)
    rest = picking.split(
        fulfilment_id=parcel.pk, units={order.lines.get().pk: 1}, actor=None, now=NOW
    )
    picking.pack(fulfilment_id=rest.pk, box=None, grams=0, actor=None, now=NOW)
    sent(rest)

    withdrawn(order)

    assert _statuses(order) == ["canceled", "shipped"]


def test_units_taken_off_an_order_leave_its_parcel():
    order = paid_order(variant=in_stock(5), quantity=3)
    (parcel,) = prepared(order)

    _cancel_units(order, 1)

    assert contents(parcel) == {order.lines.get().sku: 2}


def test_units_in_no_parcel_are_taken_off_without_touching_one():
    variant = in_stock(5)
    order = paid_order(variant=variant, quantity=3)
    wave = wave_of(order)
    task = wave.tasks.get()
    picking.short(task_id=task.pk, units=1, actor=None, now=NOW)

    _cancel_units(order, 1)

    assert contents(order.fulfilments.get()) == {variant.sku: 2}


def test_units_in_somebodys_hands_are_not_taken_off():
    order = paid_order(variant=in_stock(5), quantity=3)
    wave_of(order)

    with pytest.raises(PickingStarted):
        _cancel_units(order, 1)


def test_room_is_made_by_force_where_it_has_to_be():
    order = paid_order(variant=in_stock(5), quantity=3)
    wave = wave_of(order)
    scanned(wave, f"3*{order.lines.get().sku}")

    with transaction.atomic():
        held = orders.lock(order_id=order.pk)
        picking.make_room(order=held, units={order.lines.get().pk: 1}, move=move(), force=True)

    task = wave.tasks.get()
    assert (task.quantity, task.picked) == (2, 2)
    assert assigned(order) == {order.lines.get().pk: 2}


def test_what_was_lost_belongs_into_no_parcel():
    variant = in_stock(3)
    order = paid_order(variant=variant, quantity=3)
    (parcel,) = prepared(order)
    lost = lose(variant, 2)

    shortages.tell(shortage_ids=[one.pk for one in lost.shortages], now=NOW)

    assert contents(parcel) == {variant.sku: 1}
    assert Fulfilment.objects.get().status == "pending"
