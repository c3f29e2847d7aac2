"""Closing parcels, parting them, and sending what is packed."""

import pytest
from django.utils import timezone

from inventory.services.stock import StockRefused
from orders.services import orders
from payments.models import JournalEntry
from shipping.models import Box, Fulfilment
from shop.outbox.models import Message
from shop.processes import bookkeeping, picking
from shop.processes.fulfilment import NotNow, WrongState
from shop.processes.picking import CannotPack, NotPicked
from tests.factories import VariantFactory, in_stock, paid_order, stock_of
from tests.factories.floor import shelved
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
)
from tests.processes.shorts import lose

pytestmark = pytest.mark.django_db


def _box(**fields):
    sizes = {"length_mm": 300, "width_mm": 200, "height_mm": 100}
    return Box.objects.create(
        **{"name": "M", **sizes, "tare_grams": 150, "max_grams": 9000, **fields}
    )


def _pack(parcel, box=None, grams=0):
    return picking.pack(fulfilment_id=parcel.pk, box=box, grams=grams, actor=None, now=NOW)


def _split(parcel, units):
    return picking.split(fulfilment_id=parcel.pk, units=units, actor=None, now=NOW)


def test_packing_keeps_the_box_and_the_weight():
    (parcel,) = prepared(paid_order())
    box = _box()

    _pack(parcel, box, 1234)

    parcel.refresh_from_db()
    assert (parcel.status, parcel.box, parcel.grams) == ("packed", box, 1234)
    assert parcel.packed_at == NOW


def test_what_nobody_weighed_weighs_what_the_catalogue_says():
    variant = in_stock(5)
    (parcel,) = prepared(paid_order(variant=variant, quantity=2))

    _pack(parcel)

    parcel.refresh_from_db()
    assert parcel.grams == 2 * variant.grams


def test_a_box_is_proposed_that_holds_it():
    sizes = {"length_mm": 250, "width_mm": 150, "height_mm": 80}
    variant = shelved(3, variant=VariantFactory(grams=500, **sizes))
    box = _box()
    (parcel,) = prepared(paid_order(variant=variant))

    (one,) = picking.proposal(parcel).parcels

    assert (one.box, one.grams) == (box, 650)


def test_what_is_not_all_picked_is_not_packed():
    variant = in_stock(5)
    order = paid_order(variant=variant, quantity=2)
    wave = wave_of(order)
    scanned(wave, variant.sku)

    with pytest.raises(NotPicked):
        _pack(order.fulfilments.get())
    scanned(wave, variant.sku)
    _pack(order.fulfilments.get())


def test_a_stopped_order_is_not_packed():
    order = paid_order()
    (parcel,) = prepared(order)
    orders.hold(order=order, reason="odd", move=move())

    with pytest.raises(CannotPack):
        _pack(parcel)


def test_a_parcel_is_packed_once():
    (parcel,) = packed(paid_order())

    with pytest.raises(WrongState):
        _pack(parcel)


def test_parting_makes_two_parcels_of_one():
    one, other = in_stock(5), in_stock(5)
    order = bought({one: 3, other: 1})
    (parcel,) = prepared(order)
    lines = {line.sku: line.pk for line in order.lines.all()}

    made = _split(parcel, {lines[one.sku]: 1, lines[other.sku]: 1})

    assert contents(parcel) == {one.sku: 2}
    assert contents(made) == {one.sku: 1, other.sku: 1}
    assert made.position == 2


def test_parting_takes_along_what_is_picked():
    variant = in_stock(5)
    order = paid_order(variant=variant, quantity=3)
    wave = wave_of(order)
    scanned(wave, f"3*{variant.sku}")
    parcel = order.fulfilments.get()

    made = _split(parcel, {order.lines.get().pk: 2})

    assert [(task.quantity, task.picked) for task in wave.tasks.order_by("pk")] == [(1, 1), (2, 2)]
    _pack(made)
    _pack(parcel)


@pytest.mark.parametrize("units", [0, 3, 4])
def test_something_goes_and_something_stays(units):
    order = paid_order(variant=in_stock(5), quantity=3)
    (parcel,) = prepared(order)

    with pytest.raises(CannotPack):
        _split(parcel, {order.lines.get().pk: units})


def test_a_packed_parcel_leaves_like_any_other():
    variant = shelved(5)
    order = paid_order(variant=variant, quantity=2)
    (parcel,) = packed(order)

    sent(parcel, "Royal Mail", "QB1")

    order.refresh_from_db()
    parcel.refresh_from_db()
    assert (parcel.status, parcel.tracking_number) == ("shipped", "QB1")
    assert parcel.tracking_url == "https://carrier.example/QB1"
    assert (order.status, order.fulfillment_status) == ("completed", "fulfilled")
    assert stock_of(variant) == (3, 0)
    assert Message.objects.filter(topic="mail.order_shipped").count() == 1
    assert JournalEntry.objects.filter(source=f"fulfilment-{parcel.pk}-goods").count() == 1
    assert [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken] == []


def test_what_its_label_says_stays():
    (parcel,) = packed(paid_order())
    Fulfilment.objects.filter(pk=parcel.pk).update(
        carrier="DHL", tracking_number="D7", tracking_url="https://dhl.example/D7"
    )

    sent(parcel)

    parcel.refresh_from_db()
    assert (parcel.carrier, parcel.tracking_number) == ("DHL", "D7")
    assert parcel.tracking_url == "https://dhl.example/D7"


def test_half_of_an_order_may_leave_first():
    order = paid_order(variant=in_stock(5), quantity=3)
    (parcel,) = prepared(order)
    other = _split(parcel, {order.lines.get().pk: 1})
    _pack(other)

    sent(other)

    order.refresh_from_db()
    assert order.fulfillment_status == "partially_fulfilled"
    assert contents(parcel) == {order.lines.get().sku: 2}


def test_only_packed_parcels_leave():
    (parcel,) = prepared(paid_order())

    with pytest.raises(WrongState):
        sent(parcel)


def test_a_parcel_leaves_once():
    (parcel,) = packed(paid_order())
    sent(parcel)

    with pytest.raises((WrongState, NotNow)):
        sent(parcel)

    assert Message.objects.filter(topic="mail.order_shipped").count() == 1


def test_a_stopped_order_keeps_its_parcel():
    order = paid_order()
    (parcel,) = packed(order)
    orders.hold(order=order, reason="odd", move=move())

    with pytest.raises(NotNow):
        sent(parcel)


def test_goods_that_were_promised_away_do_not_leave():
    variant = in_stock(2)
    (parcel,) = packed(paid_order(variant=variant, quantity=2))
    lose(variant, 1)

    with pytest.raises(StockRefused):
        sent(parcel)

    parcel.refresh_from_db()
    assert (parcel.status, parcel.shipped_at) == ("packed", None)
