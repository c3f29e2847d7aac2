"""Whatever happens to stock, in whatever order: nothing is oversold and everything adds up.

The machine plays shoppers, buyers, suppliers, people with clipboards and the clock. A model in
plain Python says how many units everybody must have by then.
"""

import datetime as dt
from collections import Counter
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from inventory.models import StockMovement
from inventory.services import backorders, batches, reservations, shortages, stock
from inventory.services.stock import Lot, OutOfStock, StockRefused, Why
from shop.lib.workdays import shop_day
from tests.factories import VariantFactory
from tests.factories.ahead import sold_ahead
from tests.factories.shelves import place, with_batches
from tests.inventory import stock_sums
from tests.inventory.stock_model import Model

pytestmark = pytest.mark.django_db
Kind = StockMovement.Kind
PLACES = {"leeds": True, "london": True, "counter": False}
LIMIT, FRESH = 6, 2
SKUS = ("mug", "bowl", "tea")
SHOPPERS = [uuid4() for _ in range(3)]
SKU, PLACE = st.sampled_from(SKUS), st.sampled_from(list(PLACES))
FEW = st.integers(1, 6)


class Machine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = timezone.now()
        self.places = {
            code: place(code, position, sends_orders=sends)
            for position, (code, sends) in enumerate(PLACES.items())
        }
        self.variants = {
            "mug": VariantFactory(sku="mug", cost="3.10"),
            "bowl": sold_ahead(VariantFactory(sku="bowl"), LIMIT),
            "tea": with_batches(VariantFactory(sku="tea"), days_fresh=FRESH),
        }
        self.model = Model(PLACES, {"bowl": LIMIT}, {"tea"})
        self.orders, self.sent = {}, Counter()
        for sku in SKUS:
            self.receive(sku, "leeds", 5, 10)

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # Shoppers

    @rule(shopper=st.sampled_from(SHOPPERS), sku=SKU, units=st.integers(1, 9))
    def reserve(self, shopper, sku, units):
        self.model.drop_expired({sku, *self._kept_by(shopper)}, self.now)
        had = min(units, self.model.offered(shopper, sku, self.good_from))
        self.model.drop_own(shopper)

        missing = reservations.reserve(
            holder=shopper,
            wanted={self.variants[sku].pk: units},
            now=self.now,
            until=self.now + dt.timedelta(minutes=15),
        )

        assert sum(missing.values()) == units - had
        self.model.read_places()
        assert self.model.own(shopper, sku) == had

    @rule(shopper=st.sampled_from(SHOPPERS))
    def let_go(self, shopper):
        reservations.free(holder=shopper)
        self.model.drop_own(shopper)

    @initialize(bowls=st.integers(1, 9))
    def begin(self, bowls):
        """No history begins with nothing promised: too little would happen in it."""
        self.order(None, {"mug": 3, "tea": 2})
        self.order(None, {"bowl": bowls})

    @rule(
        shopper=st.sampled_from([None, *SHOPPERS]),
        wanted=st.dictionaries(SKU, st.integers(1, 5), min_size=1),
    )
    def order(self, shopper, wanted):
        model = self.model
        model.drop_expired({*wanted, *self._kept_by(shopper)}, self.now)
        shelf = {sku: model.offered(shopper, sku, self.good_from) for sku in wanted}
        can_have = {sku: shelf[sku] + model.room(sku) for sku in wanted}
        holders = {sku: uuid4() for sku in wanted}
        lines = {holders[sku]: (self.variants[sku].pk, units) for sku, units in wanted.items()}
        try:
            stock.allocate(lines=lines, reference="1", now=self.now, shopper=shopper)
        except OutOfStock as refusal:
            short = refusal.short
        else:
            short = {}
        left = {sku: can_have[sku] for sku in wanted if can_have[sku] < wanted[sku]}
        assert short == {self.variants[sku].pk: units for sku, units in left.items()}
        if short:
            model.read_places()
            return
        model.drop_own(shopper)
        self.orders |= {holder: sku for sku, holder in holders.items()}
        for sku, units in wanted.items():
            if ahead := max(0, units - shelf[sku]):
                model.waiting.append([holders[sku], sku, ahead])
        given = {(holders[s], s): min(units, shelf[s]) for s, units in wanted.items() if shelf[s]}
        self._now_held(self.model.promises() + Counter(given))

    @rule(sku=SKU, units=FEW)
    def order_more(self, sku, units):
        """More is ordered than anything else happens."""
        self.order(None, {sku: units})

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def cancel(self, data):
        holder = data.draw(st.sampled_from(list(self.orders)))
        del self.orders[holder]

        stock.release(holders=[holder], reference="1", now=self.now)

        model = self.model
        model.promised = [row for row in model.promised if row[0] != holder]
        model.waiting = [row for row in model.waiting if row[0] != holder]
        model.missing.pop(holder, None)

    # People in the warehouse

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), units=st.integers(1, 3), at=st.sampled_from([None, None, "leeds"]))
    def send(self, data, units, at):
        holder = data.draw(st.sampled_from(list(self.orders)))
        sku = self.orders[holder]
        before = self.model.promises()
        lying = {code: self.model.held(holder, sku, code) for code in PLACES}
        try:
            stock.consume(
                quantities={holder: units},
                reference="1",
                actor=None,
                now=self.now,
                location=self.places[at] if at else None,
            )
        except StockRefused:
            is_stale = any(self.model.stale(sku, code, self.good_from) for code in PLACES)
            assert self.model.held(holder, sku, at) < units or is_stale
            return
        self._now_held(before - Counter({(holder, sku): units}))
        for code, there in lying.items():
            gone = there - self.model.held(holder, sku, code)
            self.model.leave(sku, code, gone, self.good_from)
        self.sent[sku] += units

    @rule(sku=SKU, at=PLACE, units=FEW, days=st.sampled_from([1, 4, 10, None]))
    def receive(self, sku, at, units, days):
        expires_on = shop_day(self.now) + dt.timedelta(days=days) if days else None
        lot = Lot(f"in-{days}", expires_on)
        self._change(sku, at, units, Kind.RECEIPT, batch=lot)
        day = expires_on.isoformat() if expires_on else None
        self.model.arrive(sku, at, units, (lot.code, day))

    @precondition(lambda self: +self.sent)
    @rule(data=st.data(), at=PLACE)
    def come_back(self, data, at):
        sku = data.draw(st.sampled_from(sorted(+self.sent)))
        self.sent[sku] -= 1
        self._change(sku, at, 1, Kind.RETURN)
        self.model.arrive(sku, at, 1)

    @rule(sku=SKU, at=PLACE, counted=st.integers(0, 9), is_sure=st.booleans())
    def count(self, sku, at, counted, is_sure):
        before = self.model.on_hand[sku, at]
        promised = sum(u for _h, v, p, u in self.model.promised if (v, p) == (sku, at))
        try:
            stock.set_on_hand(
                variant_id=self.variants[sku].pk,
                on_hand=counted,
                why=self._why(Kind.COUNT),
                location=self.places[at],
                take_back=is_sure,
            )
        except StockRefused:
            assert counted < promised
            assert not is_sure
            return
        assert is_sure or counted >= promised
        if counted >= before:
            self.model.arrive(sku, at, counted - before)
        else:
            self.model.make_room(sku, at, counted)
            self.model.leave(sku, at, before - counted)

    @rule(sku=SKU, here=PLACE, there=PLACE, units=FEW)
    def transfer(self, sku, here, there, units):
        left = self.model.on_hand[sku, here] - units
        promised = sum(u for _h, v, p, u in self.model.promised if (v, p) == (sku, here))
        try:
            self._change(sku, here, -units, Kind.TRANSFER)
        except StockRefused:
            assert left < promised
            return
        assert left >= promised
        self.model.make_room(sku, here, left)
        self.model.leave(sku, here, units)
        self._change(sku, there, units, Kind.TRANSFER)
        self.model.arrive(sku, there, units)

    @rule(sku=SKU, at=PLACE, units=FEW, then=st.sampled_from([None, "mend", "scrap"]))
    def damage(self, sku, at, units, then):
        if units <= self.model.on_hand[sku, at]:
            self._apart(stock.damage, sku, at, units, take_back=True)
            self.model.make_room(sku, at, self.model.on_hand[sku, at] - units)
            self.model.leave(sku, at, units)
            self.model.damaged[sku, at] += units
        if then and (units := self.model.damaged.pop((sku, at), 0)):
            self._apart(getattr(stock, then), sku, at, units)
            self.model.arrive(sku, at, units if then == "mend" else 0)

    # The clock

    @rule(sku=SKU)
    def fill(self, sku):
        pk, before = self.variants[sku].pk, self.model.promises()
        got = self.model.find(sku, self.good_from)
        if self.model.waits(sku):
            self.model.drop_expired({sku}, self.now)
        got += self.model.fill(sku, self.model.free(sku, self.good_from) - sum(got.values()))

        filled = shortages.find(variant_ids=[pk], now=self.now)
        filled += backorders.fill(variant_ids=[pk], now=self.now)

        told = Counter()
        for one in filled:
            told[one.holder] += one.units
        assert told == got
        self._now_held(before + Counter({(holder, sku): units for holder, units in got.items()}))

    @rule(
        passed=st.sampled_from([{"minutes": 10}, {"hours": 20}, {"days": 3}]),
        is_night=st.booleans(),
    )
    def time_passes(self, passed, is_night):
        self.now += dt.timedelta(**passed)
        if is_night:
            self.sweep()
            self.expire()

    def sweep(self):
        ended = reservations.sweep(now=self.now)
        assert ended == sum(row[4] <= self.now for row in self.model.kept)
        self.model.drop_expired(SKUS, self.now)

    def expire(self):
        batches.expire(now=self.now)
        for code in PLACES:
            for lot in sorted(self.model.lots["tea", code], key=lambda one: one[1] or "9999"):
                units = self.model.lots["tea", code][lot]
                if units and (lot[1] or "9999") < self.good_from:
                    self.model.make_room("tea", code, self.model.on_hand["tea", code] - units)
                    self.model.leave("tea", code, units)
                    self.model.damaged["tea", code] += units

    # What must hold after each of them

    @invariant()
    def everything_adds_up(self):
        assert stock_sums.wrong() == {}

    @invariant()
    def the_model_agrees(self):
        assert stock_sums.on_hand() == +self.model.on_hand
        assert stock_sums.damaged() == +self.model.damaged
        assert stock_sums.promised() == self.model.promises()
        assert stock_sums.waiting() == [tuple(row) for row in self.model.waiting]
        assert stock_sums.missing() == self.model.missing
        assert stock_sums.kept() == sorted(row[:4] for row in self.model.kept)
        assert stock_sums.lots() == {
            (place, *lot): units
            for (_sku, place), lots in self.model.lots.items()
            for lot, units in lots.items()
            if units
        }

    # Hands

    @property
    def good_from(self):
        return (shop_day(self.now) + dt.timedelta(days=FRESH)).isoformat()

    def _kept_by(self, shopper):
        return {row[1] for row in self.model.kept if row[0] == shopper}

    def _why(self, kind):
        # No two things happen in the same moment.
        self.now += dt.timedelta(seconds=1)
        return Why(kind=kind, now=self.now, reason="because")

    def _change(self, sku, at, units, kind, **terms):
        stock.change_on_hand(
            variant_id=self.variants[sku].pk,
            change=units,
            why=self._why(kind),
            location=self.places[at],
            **terms,
        )

    def _apart(self, door, sku, at, units, **terms):
        door(
            variant_id=self.variants[sku].pk,
            units=units,
            why=self._why(Kind.DAMAGE),
            location=self.places[at],
            **terms,
        )

    def _now_held(self, expected):
        """Everybody holds what was worked out; where, is for the shop to say."""
        self.now += dt.timedelta(seconds=1)
        self.model.read_places()
        assert self.model.promises() == expected


def test_any_history_of_stock_adds_up():
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
