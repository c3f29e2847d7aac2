"""Goods that come: counted once, put on the shelf at what they cost."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from catalog.models import ExchangeRate
from inventory.models import PurchaseOrder, ReceiptLine, StockItem, Valuation
from inventory.services.arrivals import (
    NothingCame,
    NotOnOrder,
    NotOpen,
    OverDelivered,
    ReasonMissing,
)
from inventory.services.receipts import Came, Delivery
from payments.models import JournalEntry
from shop.processes.replenishment import ordering, receiving
from tests.factories import VariantFactory, stock_of
from tests.factories.buying import came, offer, on_order, supplier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_market")]


def _bought(*units, by=None, **fields):
    """An order of a variant per quantity, at 2.00 each."""
    by = by or supplier()
    return on_order(by, *[(offer(by).variant, count) for count in units], **fields)


def _landed(order):
    rows = ReceiptLine.objects.filter(receipt__order=order).order_by("pk")
    return [(str(row.goods), str(row.freight), str(row.duty)) for row in rows]


def _incoming(order):
    rows = StockItem.objects.filter(variant__purchase_lines__order=order).order_by("pk")
    return [item.incoming for item in rows]


def test_freight_is_shared_by_value_to_the_penny_over_two_deliveries():
    by = supplier()
    mug, bowl = offer(by, cost="3.00").variant, offer(by, cost="7.00").variant
    order = on_order(by, (mug, 10), (bowl, 3), freight=Decimal("10.00"), duty=Decimal("1.00"))

    came(order, 5, 1)
    came(order, 5, 2)

    # 22 of 51 worth of goods came first: 4.31 of the freight, 0.43 of the duty; the rest came last.
    assert _landed(order) == [
        ("15.000", "2.940", "0.290"),
        ("7.000", "1.370", "0.140"),
        ("15.000", "2.940", "0.290"),
        ("14.000", "2.750", "0.280"),
    ]
    assert Valuation.objects.get(variant=mug).value == Decimal("36.460")
    assert Valuation.objects.get(variant=bowl).value == Decimal("25.540")
    mug.refresh_from_db()
    assert mug.cost == Decimal("3.646")


def test_freight_is_shared_by_weight_to_the_penny():
    by = supplier()
    light, heavy = VariantFactory(grams=100), VariantFactory(grams=900)
    for variant in (light, heavy):
        offer(by, variant, cost="5.00")
    order = on_order(
        by, (light, 3), (heavy, 3), freight=Decimal("10.01"), share_by=PurchaseOrder.ShareBy.WEIGHT
    )

    came(order, 3, 3)

    assert _landed(order) == [("15.000", "1.000", "0.000"), ("15.000", "9.010", "0.000")]


def test_goods_that_weigh_nothing_share_freight_by_value():
    by = supplier()
    order = on_order(
        by,
        (VariantFactory(grams=0), 1, "30"),
        (VariantFactory(grams=0), 1, "10"),
        freight=Decimal("4.00"),
        share_by=PurchaseOrder.ShareBy.WEIGHT,
    )

    came(order, 1, 1)

    assert [freight for _goods, freight, _duty in _landed(order)] == ["3.000", "1.000"]


def test_odd_unit_costs_add_up_over_deliveries():
    by = supplier()
    order = on_order(by, (VariantFactory(), 3, "0.335"))

    for _delivery in range(3):
        came(order, 1)

    assert [goods for goods, *_ in _landed(order)] == ["0.340", "0.330", "0.340"]


def test_a_foreign_order_is_valued_at_the_rate_of_its_day():
    rate_of_the_day = timezone.now()
    ExchangeRate.objects.create(base="EUR", quote="GBP", rate=Decimal("0.85"), at=rate_of_the_day)
    by = supplier(currency="EUR")
    order = on_order(by, (offer(by, cost="10.00").variant, 3), freight=Decimal("5.00"))
    ExchangeRate.objects.create(base="EUR", quote="GBP", rate=Decimal("0.99"), at=timezone.now())

    came(order, 3)

    assert _landed(order) == [("25.500", "4.250", "0.000")]


def test_the_books_owe_the_supplier_what_landed():
    order = _bought(4, freight=Decimal("1.50"))

    came(order, 4)

    entry = JournalEntry.objects.get(kind="goods")
    assert sorted(str(line.base) for line in entry.lines.all()) == ["-9.500", "9.500"]


def test_a_form_sent_twice_is_one_delivery():
    order, key = _bought(10), uuid4()

    first = came(order, 4, key=key)
    second = came(order, 4, key=key)

    assert (first.is_new, second.is_new) == (True, False)
    assert first.receipt == second.receipt
    assert stock_of(order.lines.get().variant) == (4, 0)


def test_a_part_leaves_the_order_part_received_and_the_rest_makes_it_whole():
    order = _bought(10, 2)

    came(order, 10, 1)
    order.refresh_from_db()
    part = (order.status, _incoming(order))
    came(order, 0, 1)

    order.refresh_from_db()
    assert part == ("partially_received", [0, 1])
    assert (order.status, _incoming(order)) == ("received", [0, 0])
    assert order.received_at is not None
    moves = order.events.filter(axis="status").order_by("pk")
    assert [event.to_state for event in moves] == ["ordered", "partially_received", "received"]


def test_a_little_more_than_ordered_is_taken_and_told():
    order = _bought(20)

    received = came(order, 22)

    sku = order.lines.get().variant.sku
    assert received.told == [f"{sku}: 2 more than ordered."]
    assert stock_of(order.lines.get().variant) == (22, 0)
    assert _incoming(order) == [0]


def test_far_more_than_ordered_is_taken_only_when_somebody_wants_it():
    order, key = _bought(20), uuid4()

    with pytest.raises(OverDelivered) as refused:
        came(order, 23, key=key)
    nothing = ReceiptLine.objects.count()
    came(order, 23, key=key, is_confirmed=True)

    assert refused.value.over == {order.lines.get().pk: 3}
    assert nothing == 0
    assert stock_of(order.lines.get().variant) == (23, 0)


def test_refused_units_raise_no_stock_and_carry_no_cost():
    order = _bought(10, freight=Decimal("3.00"))

    came(order, (7, 3))

    order.refresh_from_db()
    assert order.status == "received"
    assert stock_of(order.lines.get().variant) == (7, 0)
    assert _incoming(order) == [0]
    assert _landed(order) == [("14.000", "3.000", "0.000")]


def test_a_delivery_of_which_all_is_refused_is_kept_without_a_movement():
    order = _bought(5, freight=Decimal("3.00"))

    received = came(order, (0, 5))

    assert received.movements == []
    assert _landed(order) == [("0.000", "0.000", "0.000")]


def test_refused_units_need_a_reason():
    order = _bought(5)
    line = order.lines.get()

    with pytest.raises(ReasonMissing):
        _receive(order, Came(line.pk, 3, 2, " "))


def _receive(order, *lines):
    return receiving.receive(
        order_id=order.pk, delivery=Delivery(uuid4(), lines), now=timezone.now(), actor=None
    )


def test_a_delivery_needs_units_of_its_own_order():
    order, other = _bought(5), _bought(5)

    with pytest.raises(NothingCame):
        came(order, 0)
    with pytest.raises(NotOnOrder):
        _receive(order, Came(other.lines.get().pk, 1))


@pytest.mark.parametrize("end", ["cancel", "close", "all of it"])
def test_nothing_comes_of_an_order_that_is_over(end):
    order = _bought(5)
    if end == "close":
        came(order, 1)
        ordering.close(order_id=order.pk, reason="", now=timezone.now(), actor=None)
    elif end == "cancel":
        ordering.cancel(order_id=order.pk, reason="", now=timezone.now(), actor=None)
    else:
        came(order, 5)

    with pytest.raises(NotOpen) as refused:
        came(order, 1)

    assert order.number in refused.value.message
    assert _incoming(order) == [0]
