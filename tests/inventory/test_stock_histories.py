"""Whatever happens to goods, through the shop's own processes: the nightly checks stay clean.

Shoppers hold and order, staff send, count, move and throw away, suppliers deliver, tea expires and
reservations end. What the shop refuses in words must change nothing.
"""

import datetime as dt
from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from inventory.models import StockMovement
from inventory.services import transfers
from inventory.services.stock import Lot, Why
from orders.models import Order
from shop.lib.errors import Refused
from shop.lib.workdays import shop_day
from shop.processes import bookkeeping, checkout, filling, fulfilment, shortages, stocktaking
from shop.processes.checkout import holding
from shop.processes.fulfilment import Parcel
from shop.processes.stocktaking import damaging, outdating, transferring
from tests.factories import CartLineFactory, VariantFactory, checkout_of
from tests.factories.ahead import sold_ahead
from tests.factories.shelves import place, with_batches

pytestmark = pytest.mark.django_db
Kind = StockMovement.Kind
SKU = st.sampled_from(["mug", "bowl", "tea"])
PLACE = st.sampled_from(["leeds", "london"])
UNITS = st.integers(1, 4)


class Goods(RuleBasedStateMachine):
    orders = Bundle("orders")

    def __init__(self):
        super().__init__()
        # Undone after each history; the shop's own transactions see themselves as outermost.
        self.block = transaction.atomic()
        self.block._from_testcase = True
        self.block.__enter__()
        self.now = timezone.now()
        self.places = {code: place(code, number) for number, code in enumerate(("leeds", "london"))}
        self.choice = checkout_of()
        self.variants = {
            "mug": VariantFactory(cost="3.10"),
            "bowl": sold_ahead(VariantFactory(cost="4.07"), 6),
            "tea": with_batches(VariantFactory(cost="1.99"), days_fresh=2),
        }
        for sku in self.variants:
            self.receive(sku, "leeds", 4, 9)

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # Shoppers

    @initialize(target=orders, sku=SKU)
    def begin(self, sku):
        """No history begins with an empty shop: too little would happen in it."""
        self.send(self.buy("mug", 1, "mug", pays=True))
        return self.buy(sku, 3, "mug", pays=True)

    @rule(target=orders, sku=SKU, units=UNITS, other=SKU, pays=st.booleans())
    def buy(self, sku, units, other, pays):
        cart = self._held_cart(sku, units, other)
        try:
            order = checkout.place_order(cart=cart, choice=self.choice, now=self.now)
        except Refused:
            return multiple()
        if pays:
            self.pay(order.pk)
        return order.pk

    @rule(sku=SKU, units=UNITS)
    def walk_away(self, sku, units):
        """Begin to pay, and never do."""
        self._held_cart(sku, units, sku)

    def _held_cart(self, sku, units, other):
        cart = CartLineFactory(variant=self.variants[sku], quantity=units).cart
        if other != sku:
            CartLineFactory(cart=cart, variant=self.variants[other], quantity=1)
        holding.hold(cart=cart, now=self.now)
        return cart

    @rule(order=orders)
    def pay(self, order):
        with suppress(Refused):
            checkout.mark_paid(order_id=order, actor=None, reference="slip", now=self.now)

    # Staff

    @rule(order=orders)
    def send(self, order):
        with suppress(Refused):
            fulfilment.dispatch(
                order_id=order, quantities=None, parcel=Parcel(), actor=None, now=self.now
            )

    @rule(order=orders)
    def cancel(self, order):
        with suppress(Refused):
            fulfilment.cancel(order_id=order, reason="Changed mind", actor=None, now=self.now)

    @rule(order=orders, waits=st.booleans())
    def settle_what_is_missing(self, order, waits):
        act = shortages.wait if waits else shortages.cancel
        for line in Order.objects.get(pk=order).lines.all():
            with suppress(Refused):
                act(order_id=order, line_id=line.pk, reason="", actor=None, now=self.now)

    @rule(sku=SKU, at=PLACE, units=UNITS, days=st.sampled_from([1, 9]))
    def receive(self, sku, at, units, days):
        day = shop_day(self.now) + dt.timedelta(days=days)
        self._correct(sku, at, Kind.RECEIPT, change=units, batch=Lot(f"in-{days}", day))

    @rule(sku=SKU, at=PLACE, counted=st.sampled_from([None, 0, 1, 6]), is_sure=st.booleans())
    def count(self, sku, at, counted, is_sure):
        """Or put on the shelf what came back."""
        with suppress(Refused):
            if counted is None:
                self._correct(sku, at, Kind.RETURN, change=1)
            else:
                self._correct(sku, at, Kind.COUNT, on_hand=counted, take_back=is_sure)

    @rule(sku=SKU, at=PLACE, units=UNITS, then=st.sampled_from([None, "mend", "scrap"]))
    def damage(self, sku, at, units, then):
        told = {"variant_id": self.variants[sku].pk, "units": units, "location": self.places[at]}
        with suppress(Refused):
            damaging.damage(**told, why=self._why(Kind.DAMAGE))
            if then:
                getattr(damaging, then)(**told, why=self._why(Kind.DAMAGE))

    @rule(sku=SKU, units=UNITS, lost=st.integers(0, 1), is_back=st.booleans())
    def transfer(self, sku, units, lost, is_back):
        here, there = reversed(self.places.values()) if is_back else self.places.values()
        moved = transfers.draft(source=here, target=there, actor=None, now=self.now)
        transfers.put(transfer_id=moved.pk, variant_id=self.variants[sku].pk, units=units)
        with suppress(Refused):
            transferring.send(transfer_id=moved.pk, actor=None, now=self._later())
            came = {line.pk: line.quantity - lost for line in moved.lines.all()}
            transferring.receive(transfer_id=moved.pk, received=came, actor=None, now=self._later())

    # The clock

    @rule(passed=st.sampled_from([{"minutes": 20}, {"hours": 30}, {"days": 8}]))
    def time_passes(self, passed):
        self.now += dt.timedelta(**passed)
        checkout.expire(now=self.now)
        holding.sweep(now=self.now)
        outdating.expire(now=self.now)
        filling.follow_calendar(now=self.now)

    # What must hold after each of them

    @invariant()
    def every_promise_holds(self):
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute("set constraints all deferred")
        found = bookkeeping.reconcile(now=self.now)
        assert [one for one in found if one.is_broken] == []

    # Hands

    def _later(self):
        # No two things happen in the same moment.
        self.now += dt.timedelta(seconds=1)
        return self.now

    def _why(self, kind):
        return Why(kind=kind, now=self._later(), reason="because")

    def _correct(self, sku, at, kind, **terms):
        stocktaking.correct(
            variant_id=self.variants[sku].pk,
            why=self._why(kind),
            location=self.places[at],
            **terms,
        )


def test_any_history_of_goods_keeps_every_promise():
    run_state_machine_as_test(
        Goods,
        settings=settings(
            max_examples=8,
            stateful_step_count=22,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
