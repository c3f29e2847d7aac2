"""The stock account and the valuations are one number, whatever comes and goes, also at once."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.models import StockItem, StockMovement, Valuation
from inventory.services import stock
from inventory.services.stock import Why
from payments.services.books import goods, posting
from payments.services.books.roles import Role
from shop.processes import fulfilment, revaluing, stocktaking
from shop.processes.fulfilment import Parcel
from tests.factories import MarketFactory, VariantFactory, in_stock, paid_order
from tests.payments.books.reading import balance

Kind = StockMovement.Kind
UNITS = st.integers(1, 9)
VALUE = st.decimals(0, 500, places=3)
STEP = st.one_of(
    st.tuples(st.just("receive"), UNITS, VALUE),
    st.tuples(st.sampled_from(["sell", "give_back", "find", "lose", "spoil", "mend"]), UNITS),
    st.tuples(st.just("revalue"), st.decimals(0, 90, places=3)),
)


def sums():
    """What the books, the valuations and the movements say that stock is worth."""
    valued = Valuation.objects.aggregate(value=Sum("value"))["value"] or 0
    moved = StockMovement.objects.aggregate(value=Sum("value_change"))["value"] or 0
    return balance(Role.STOCK), valued, moved


class Shelf:
    """One variant, and what may happen to it."""

    def __init__(self):
        self.variant = VariantFactory(cost=Decimal("3.337"))

    def item(self):
        return StockItem.objects.filter(variant=self.variant).first() or StockItem()

    def change(self, units, kind, **fields):
        why = Why(kind=kind, now=timezone.now())
        changed = stock.change_on_hand(variant_id=self.variant.pk, change=units, why=why, **fields)
        goods.post_movements(changed.movements)

    def receive(self, units, value):
        self.change(units, Kind.RECEIPT, value=value)

    def give_back(self, units):
        self.change(units, Kind.RETURN)

    def find(self, units):
        self.change(units, Kind.COUNT)

    def lose(self, units):
        self.change(-min(units, self.item().on_hand), Kind.ADJUSTMENT)

    def sell(self, units):
        units, holder, now = min(units, self.item().on_hand), uuid4(), timezone.now()
        if units:
            wanted = {holder: (self.variant.pk, units)}
            stock.allocate(lines=wanted, reference="1", now=now)
            left = stock.consume(quantities={holder: units}, reference="1", actor=None, now=now)
            posting.post(goods.sent_draft(goods.Event(f"sent-{holder}", now, "GBP"), left.cost))

    def spoil(self, units):
        if units := min(units, self.item().on_hand):
            why = Why(kind=Kind.DAMAGE, now=timezone.now())
            spoilt = stock.damage(variant_id=self.variant.pk, units=units, why=why)
            goods.post_movements(spoilt.movements)

    def mend(self, units):
        if units := min(units, self.item().damaged):
            why = Why(kind=Kind.DAMAGE, now=timezone.now())
            mended = stock.mend(variant_id=self.variant.pk, units=units, why=why)
            goods.post_movements(mended.movements)

    def revalue(self, unit_cost):
        if self.item().on_hand:
            revaluing.revalue(
                variant_id=self.variant.pk,
                unit_cost=unit_cost,
                reason="",
                actor=None,
                now=timezone.now(),
            )


class AnySequence(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.lists(STEP, min_size=1, max_size=12))
    def test_the_stock_account_is_what_stock_is_worth_to_the_last_thousandth(self, steps):
        MarketFactory()
        shelf = Shelf()

        for name, *given_with in steps:
            getattr(shelf, name)(*given_with)

            booked, valued, moved = sums()
            assert booked == valued == moved
            on_hand = shelf.item().on_hand
            assert [one.units for one in Valuation.objects.all()] in ([on_hand], [])


def at_once(jobs):
    """Run all jobs at the same moment, each on a connection of its own."""
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=30)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def send(order):
    parcel = fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=timezone.now()
    )
    return parcel.goods_cost


@pytest.mark.django_db(transaction=True)
def test_parcels_of_one_variant_that_leave_at_once_share_its_value_exactly():
    variant = in_stock(1, variant=VariantFactory(cost=Decimal("3.333")))
    why = Why(kind=Kind.RECEIPT, now=timezone.now())
    stocktaking.correct(variant_id=variant.pk, change=6, why=why, value=Decimal("20.00"))
    orders = [paid_order(variant=variant) for _number in range(6)]

    def count():
        why = Why(kind=Kind.ADJUSTMENT, now=timezone.now())
        return stocktaking.correct(variant_id=variant.pk, change=2, why=why)

    *costs, _counted = at_once([*(lambda order=order: send(order) for order in orders), count])

    booked, valued, moved = sums()
    assert booked == valued == moved
    assert all(Decimal("3.333") <= cost <= Decimal("3.334") for cost in costs)
    assert Valuation.objects.get().units == 3
