"""Promises about stock, its papers and its worth: each found when it is broken."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from inventory.models import (
    Allocation,
    Backorder,
    Batch,
    CountLine,
    DemandWeek,
    LicenceKey,
    Location,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptLine,
    Reservation,
    Shortage,
    StockCount,
    StockItem,
    StockMovement,
    StockPolicy,
    Supplier,
    Transfer,
    TransferLine,
    Valuation,
)
from inventory.services import stock
from inventory.services.stock import Why, default_location
from orders.models import Cart, Order, OrderLine
from payments.services.books import goods
from shipping.models import Fulfilment, HandOff
from shop.processes import bookkeeping
from tests.demo.test_reconcile import PROMISES_OF_STOCK, broken
from tests.demo.test_reconcile_ledger import forget
from tests.factories import VariantFactory, in_stock, paid_order, shipped_order
from tests.factories.sourcing import forecast_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()
Kind = StockMovement.Kind


def mug():
    return in_stock(10, variant=VariantFactory(cost=Decimal(4)))


def move(variant, units, kind, reference="", **fields):
    """Change the shelf, and the books."""
    why = Why(kind=kind, now=timezone.now(), reference=reference)
    changed = stock.change_on_hand(variant_id=variant.pk, change=units, why=why, **fields)
    goods.post_movements(changed.movements)
    return changed.movements[-1]


def strange_key():
    """A key that nobody holds, and that is taken all the same."""
    LicenceKey.objects.create(
        variant=VariantFactory(), code="A", holder=uuid4(), added_at=NOW, taken_at=NOW
    )


def tracked():
    """A variant with batches that say something else than its shelf."""
    item = StockItem.objects.earliest("pk")
    StockPolicy.objects.create(variant=item.variant, tracks_batches=True)
    Batch.objects.create(stock_item=item, code="A", on_hand=3, received_at=NOW)


def reserve():
    item = StockItem.objects.earliest("pk")
    Reservation.objects.create(
        holder=uuid4(), stock_item=item, quantity=1, created_at=NOW, until=NOW
    )


def reserve_for_an_order():
    """As if its basket still stood there."""
    item = StockItem.objects.get(variant=waiting_line().variant)
    Reservation.objects.create(
        holder=Cart.objects.filter(ordered_at__isnull=False).earliest("pk").holder,
        stock_item=item,
        quantity=1,
        created_at=NOW,
        until=timezone.now(),
    )
    StockItem.objects.filter(pk=item.pk).update(reserved=1)


def wait_for(holder, variant):
    Backorder.objects.create(holder=holder, variant=variant, quantity=1, created_at=NOW)


def hand_off():
    order = Order.objects.earliest("pk")
    HandOff.objects.create(order=order, location=default_location(), created_at=NOW)
    Order.objects.filter(pk=order.pk).update(status="completed")


def purchase():
    """Ten ordered; all of them came, and cost 50."""
    supplier = Supplier.objects.create(code="kiln", name="Kiln", currency="GBP")
    variant = mug()
    order = PurchaseOrder.objects.create(
        number="P1",
        supplier=supplier,
        location=default_location(),
        currency="GBP",
        status="received",
        freight=8,
        duty=2,
        created_at=NOW,
        ordered_at=NOW,
    )
    line = PurchaseOrderLine.objects.create(
        order=order, variant=variant, quantity=10, received=10, unit_cost=4
    )
    receipt = Receipt.objects.create(order=order, number="R1", key=uuid4(), received_at=NOW)
    ReceiptLine.objects.create(
        receipt=receipt,
        line=line,
        quantity=10,
        goods=40,
        freight=8,
        duty=2,
        landed=50,
        movement=move(variant, 10, Kind.RECEIPT, "P1", value=Decimal(50)),
    )


def count():
    """A booked count that found two more."""
    sheet = StockCount.objects.create(
        number="C1",
        location=default_location(),
        status="approved",
        created_at=NOW,
        approved_at=NOW,
    )
    found = move(mug(), 2, Kind.COUNT, "C1")
    CountLine.objects.create(
        count=sheet,
        stock_item=found.stock_item,
        expected=10,
        counted=12,
        counted_at=NOW,
        difference=2,
    )


def transfer():
    """Four sent to the shop, of which three arrived."""
    shop = Location.objects.create(code="counter", name="Shop", position=9)
    sent = Transfer.objects.create(
        number="T1",
        source=default_location(),
        target=shop,
        status="received",
        created_at=NOW,
        sent_at=NOW,
        received_at=NOW,
    )
    variant = mug()
    TransferLine.objects.create(transfer=sent, variant=variant, quantity=4, received=3)
    move(variant, -4, Kind.TRANSFER, "T1")
    move(variant, 4, Kind.TRANSFER, "T1", location=shop)
    move(variant, -1, Kind.ADJUSTMENT, "T1", location=shop)


@pytest.fixture
def business(db):
    """An order that waits with two units, one that left, and every kind of paper."""
    paid_order(variant=mug(), quantity=2)
    shipped_order(variant=mug(), quantity=3)
    purchase()
    count()
    transfer()


def waiting_line():
    return OrderLine.objects.get(order__status="confirmed")


def stay_short():
    line = waiting_line()
    Order.objects.filter(pk=line.order_id).update(status="completed")
    Shortage.objects.create(
        holder=line.holder, variant=line.variant, quantity=1, noticed_at=timezone.now()
    )


def forecasts_of_two_days():
    for ago in (1, 2):
        forecast_of(VariantFactory(), made_on=NOW.date() - dt.timedelta(days=ago))


BREAKS = {
    "keys.holders": strange_key,
    "stock.movements": lambda: StockItem.objects.update(damaged=1),
    "stock.reserved": reserve,
    "stock.incoming": lambda: (
        PurchaseOrder.objects.update(status="ordered")
        and PurchaseOrderLine.objects.update(received=4)
    ),
    "stock.batches": tracked,
    "stock.allocations": lambda: Allocation.objects.update(quantity=1),
    "stock.holders": stay_short,
    "stock.set_aside": lambda: OrderLine.objects.update(canceled=1, fulfilled=0),
    "stock.waiting": lambda: StockPolicy.objects.create(
        variant=waiting_line().variant, selling="backorder", limit=5, waiting=2
    ),
    "stock.reservations": reserve_for_an_order,
    "stock.hand_offs": hand_off,
    "orders.canceled_units": lambda: OrderLine.objects.update(canceled=1, fulfilled=0),
    "purchases.received": lambda: PurchaseOrderLine.objects.update(received=11),
    "purchases.shelved": lambda: PurchaseOrderLine.objects.update(variant=VariantFactory()),
    "purchases.freight": lambda: PurchaseOrder.objects.update(duty=0),
    "purchases.status": lambda: PurchaseOrder.objects.update(status="partially_received"),
    "counts.booked": lambda: CountLine.objects.update(difference=3),
    "transfers.moved": lambda: TransferLine.objects.update(received=4),
    "stock.worth": lambda: Valuation.objects.update(value=1),
    "forecasts.demand": lambda: DemandWeek.objects.create(
        variant=VariantFactory(), week_on=NOW.date(), promoted=3
    ),
    "forecasts.current": forecasts_of_two_days,
    "ledger.stock": lambda: Valuation.objects.update(value=1),
    "ledger.movements": lambda: forget("stock-movement-%"),
    "stock.parcels": lambda: Fulfilment.objects.update(goods_cost=5),
}


@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.usefixtures("business")
def test_a_broken_promise_about_stock_is_found(name):
    assert broken() == set()

    BREAKS[name]()

    assert name in broken()


def test_every_promise_about_stock_is_broken_by_some_test_here():
    assert {one.name for one in PROMISES_OF_STOCK} == {
        *BREAKS,
        "stock.sweeping",
        "purchases.suggested",
    }


def test_a_reservation_that_outlived_its_time_is_a_warning():
    mug()
    reserve()
    StockItem.objects.update(reserved=1)
    later = timezone.now() + dt.timedelta(minutes=11)

    found = bookkeeping.reconcile(now=later)

    assert [(one.name, one.is_broken) for one in found] == [("stock.sweeping", False)]


def test_a_variant_that_is_suggested_twice_is_a_warning():
    variant = VariantFactory()
    for code in ("kiln", "mill"):
        order = PurchaseOrder.objects.create(
            number=code,
            supplier=Supplier.objects.create(code=code, name=code, currency="GBP"),
            location=default_location(),
            currency="GBP",
            is_suggested=True,
            created_at=NOW,
        )
        PurchaseOrderLine.objects.create(order=order, variant=variant, quantity=1, unit_cost=1)

    found = bookkeeping.reconcile(now=NOW)

    assert [(one.name, one.is_broken) for one in found] == [("purchases.suggested", False)]


def test_units_that_are_to_come_or_went_short_are_no_finding():
    line = paid_order(variant=mug(), quantity=3).lines.get()
    item = StockItem.objects.get(variant=line.variant)
    StockPolicy.objects.create(variant=line.variant, selling="backorder", limit=5, waiting=1)
    Allocation.objects.update(quantity=1)
    StockMovement.objects.create(
        stock_item=item, kind=Kind.RELEASE, allocated_change=-2, at=timezone.now()
    )
    StockItem.objects.filter(pk=item.pk).update(allocated=1)
    wait_for(line.holder, line.variant)
    Shortage.objects.create(holder=line.holder, variant=line.variant, quantity=1, noticed_at=NOW)

    assert broken() == set()


def test_goods_on_their_way_belong_to_what_a_variant_is_worth():
    variant = mug()
    shop = Location.objects.create(code="counter", name="Shop", position=9)
    sent = Transfer.objects.create(
        number="T1",
        source=default_location(),
        target=shop,
        status="in_transit",
        created_at=NOW,
        sent_at=NOW,
    )
    TransferLine.objects.create(transfer=sent, variant=variant, quantity=4)
    move(variant, -4, Kind.TRANSFER, "T1")

    assert broken() == set()
