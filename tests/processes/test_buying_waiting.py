"""Goods that come go to whoever waits for them; batches and books stay true."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from catalog.models import ExchangeRate
from inventory.models import Allocation, Backorder, ReceiptLine, StockPolicy
from inventory.services import stock
from inventory.services.purchase_moves import By
from inventory.services.receipts import Came, Delivery
from inventory.services.stock import Lot
from shop.processes.bookkeeping.reconcile import reconcile
from shop.processes.replenishment import ordering, receiving
from tests.factories.buying import came, offer, on_order, supplier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_market")]


def _waiting(variant, *units):
    """Holders who were promised units that are not there, the oldest first."""
    StockPolicy.objects.update_or_create(
        variant=variant, defaults={"selling": StockPolicy.Selling.BACKORDER, "limit": 50}
    )
    holders = [uuid4() for _one in units]
    for number, (holder, some) in enumerate(zip(holders, units, strict=True)):
        at = timezone.now() - dt.timedelta(minutes=60 - number)
        stock.allocate(lines={holder: (variant.pk, some)}, reference="test", now=at)
    return holders


def test_the_oldest_backorders_are_filled_by_what_came():
    by = supplier()
    variant = offer(by).variant
    first, second, third = _waiting(variant, 2, 3, 4)
    order = on_order(by, (variant, 20))

    received = came(order, 4)

    assert [(one.holder, one.units, one.left) for one in received.filled] == [
        (first, 2, 0),
        (second, 2, 1),
    ]
    assert Allocation.objects.get(holder=first).quantity == 2
    assert Backorder.objects.get(holder=third).quantity == 4


def test_whoever_waits_is_promised_the_day_that_the_supplier_names():
    by = supplier(lead_days=10)
    variant = offer(by).variant
    [holder] = _waiting(variant, 2)
    order = on_order(by, (variant, 20))
    ordered = Backorder.objects.get(holder=holder).promised_on
    later = order.expected_on + dt.timedelta(days=30)

    ordering.reschedule(order_id=order.pk, on=later, by=By(timezone.now()))

    assert ordered == order.expected_on
    assert Backorder.objects.get(holder=holder).promised_on == later


def test_a_line_may_come_in_two_batches():
    by = supplier()
    variant = offer(by).variant
    StockPolicy.objects.create(variant=variant, tracks_batches=True)
    order = on_order(by, (variant, 10))
    line = order.lines.get()
    soon, late = dt.date(2031, 1, 31), dt.date(2032, 1, 31)

    receiving.receive(
        order_id=order.pk,
        delivery=Delivery(
            uuid4(),
            [Came(line.pk, 6, lot=Lot("L1", soon)), Came(line.pk, 4, lot=Lot("L2", late))],
        ),
        now=timezone.now(),
        actor=None,
    )

    rows = ReceiptLine.objects.filter(line=line).order_by("pk")
    assert [(one.batch.code, one.batch.on_hand) for one in rows] == [("L1", 6), ("L2", 4)]


def test_nothing_is_broken_after_a_year_of_deliveries_in_an_afternoon():
    ExchangeRate.objects.create(base="EUR", quote="GBP", rate=Decimal("0.8537"), at=timezone.now())
    by = supplier(currency="EUR")
    mug, bowl = offer(by, cost="0.335").variant, offer(by, cost="7.10").variant
    whole = on_order(by, (mug, 30), (bowl, 7), freight=Decimal("11.37"), duty=Decimal("2.22"))
    came(whole, 10, 2)
    came(whole, (17, 3), 5)
    short = on_order(by, (mug, 10), (bowl, 10), freight=Decimal("4.00"))
    came(short, 3, (0, 2))
    ordering.close(order_id=short.pk, reason="", now=timezone.now(), actor=None)
    on_order(by, (bowl, 4))
    off = on_order(by, (mug, 4))
    ordering.cancel(order_id=off.pk, reason="", now=timezone.now(), actor=None)

    assert [(one.name, one.examples) for one in reconcile(now=timezone.now())] == []
