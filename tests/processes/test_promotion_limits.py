"""Limits of promotions and codes while many order at once: real threads, real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from marketing.models import Coupon, Promotion, PromotionUse
from marketing.services import uses
from marketing.services.promotions import limits_changed
from marketing.services.uses import UsedUp
from orders.models import CartCode, Order
from shop.lib.locks import NotInTransaction
from shop.processes import bookkeeping, checkout, fulfilment
from shop.processes.checkout import Busy
from tests.factories import CartLineFactory, checkout_of, in_stock, placed_order
from tests.factories.promotions import CouponFactory, PromotionFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()
AT_ONCE = 20
MOST_ATTEMPTS = 20


def _run(jobs):
    """Run all jobs, twenty at a time from the same moment on, each on a connection of its own."""
    threads = min(AT_ONCE, len(jobs))
    barrier = Barrier(threads)

    def run(number):
        try:
            if number < threads:
                barrier.wait(timeout=20)
            return jobs[number]()
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(len(jobs))))


def _orders(count, email=None):
    """Orders as they stand before their promotions are counted."""
    first = placed_order()
    rows = [
        Order(
            number=f"L{number}",
            market=first.market,
            currency="GBP",
            email=email or f"buyer{number}@example.com",
            net=first.net,
            tax=first.tax,
            total=first.total,
            placed_at=NOW,
        )
        for number in range(count)
    ]
    return Order.objects.bulk_create(rows)


def _taker(order, *promotions, code=""):
    def take():
        taken = {one.pk: Decimal("1.00") for one in promotions}
        codes = {one.pk: code for one in promotions if code}
        try:
            with transaction.atomic():
                uses.take(order=order, taken=taken, codes=codes, now=NOW)
        except UsedUp:
            return 0
        return 1

    return take


def _uses(promotion):
    """(counted, on record)"""
    held = PromotionUse.objects.filter(promotion=promotion, released_at=None).count()
    return Promotion.objects.get(pk=promotion.pk).uses, held


class TestTaking:
    def test_a_code_with_limit_ten_wanted_by_a_hundred_gives_ten(self):
        coupon = CouponFactory(code="TEN", usage_limit=10)

        taken = _run([_taker(order, coupon.promotion, code="TEN") for order in _orders(100)])

        assert sum(taken) == 10
        assert Coupon.objects.get(pk=coupon.pk).uses == 10
        assert PromotionUse.objects.filter(coupon=coupon).count() == 10

    def test_a_promotion_with_limit_ten_wanted_by_a_hundred_gives_ten(self):
        promotion = PromotionFactory(usage_limit=10, is_automatic=False)

        taken = _run([_taker(order, promotion) for order in _orders(100)])

        assert sum(taken) == 10
        assert _uses(promotion) == (10, 10)

    def test_one_customer_ordering_twenty_times_at_once_uses_it_once(self):
        promotion = PromotionFactory(per_customer_limit=1, is_automatic=False)

        taken = _run([_taker(one, promotion) for one in _orders(20, email="alice@example.com")])

        assert sum(taken) == 1
        assert PromotionUse.objects.count() == 1

    def test_twenty_customers_use_once_each(self):
        promotion = PromotionFactory(per_customer_limit=1, is_automatic=False)

        taken = _run([_taker(order, promotion) for order in _orders(20)])

        assert sum(taken) == 20

    def test_promotions_wanted_in_opposite_order_never_deadlock(self):
        limits = {"usage_limit": 30, "per_customer_limit": 30, "is_automatic": False}
        one, two = PromotionFactory(**limits), PromotionFactory(**limits)
        orders = _orders(40, email="alice@example.com")

        taken = _run(
            [
                _taker(order, *(pair if number % 2 else reversed(pair)))
                for number, (order, pair) in enumerate((order, (one, two)) for order in orders)
            ]
        )

        assert sum(taken) == 30
        assert _uses(one) == _uses(two) == (30, 30)

    def test_taking_and_giving_back_at_once_leaves_the_counter_true(self):
        promotion = PromotionFactory(usage_limit=100, is_automatic=False)
        orders = _orders(40)
        early, late = orders[:20], orders[20:]
        for order in early:
            _taker(order, promotion)()

        _run(
            [lambda order=order: uses.release(order=order, now=NOW) for order in early]
            + [_taker(order, promotion) for order in late]
        )

        assert _uses(promotion) == (20, 20)

    def test_a_limit_set_while_orders_come_in_is_counted_from_the_rows(self):
        promotion = PromotionFactory(is_automatic=False)
        orders = _orders(5)
        for order in orders:
            _taker(order, promotion)()
        assert _uses(promotion) == (0, 5)

        Promotion.objects.filter(pk=promotion.pk).update(usage_limit=6)
        limits_changed(promotion_id=promotion.pk)

        assert _uses(promotion) == (5, 5)

    def test_counting_belongs_in_the_transaction_of_the_order(self):
        (order,) = _orders(1)

        with pytest.raises(NotInTransaction):
            uses.take(order=order, taken={1: Decimal(1)}, codes={}, now=NOW)


class TestCheckouts:
    def _carts(self, count, code, variant):
        lines = [CartLineFactory(variant=variant) for _n in range(count)]
        CartCode.objects.bulk_create(
            CartCode(cart=line.cart, kind="coupon", value=code, shown=code, added_at=NOW)
            for line in lines
        )
        return [line.cart for line in lines]

    def _buyer(self, cart, number, **fields):
        choice = checkout_of(**{"email": f"buyer{number}@example.com", **fields})

        def place():
            # As a shopper does: once more when others were faster, and when the shop was busy.
            for _attempt in range(MOST_ATTEMPTS):
                try:
                    return checkout.place_order(cart=cart, choice=choice, now=NOW)
                except (UsedUp, Busy):
                    continue
            raise AssertionError

        return place

    def test_a_code_with_limit_ten_used_by_a_hundred_parallel_checkouts_gives_ten(self):
        coupon = CouponFactory(code="TEN", usage_limit=10)
        carts = self._carts(100, "TEN", in_stock(200))

        orders = _run([self._buyer(cart, number) for number, cart in enumerate(carts)])

        reduced = [order for order in orders if order.discount > 0]
        assert len({order.pk for order in orders}) == 100
        assert len(reduced) == 10
        assert Coupon.objects.get(pk=coupon.pk).uses == 10
        assert PromotionUse.objects.filter(coupon=coupon, released_at=None).count() == 10
        assert bookkeeping.reconcile(now=NOW) == []

    def test_a_cancelled_order_gives_its_use_to_the_next(self):
        coupon = CouponFactory(code="ONE", usage_limit=1, promotion__per_customer_limit=1)
        first, second = self._carts(2, "ONE", in_stock(5))
        order = self._buyer(first, 1, email="alice@example.com")()
        assert order.discount > 0

        fulfilment.cancel(order_id=order.pk, reason="", actor=None, now=NOW)
        again = self._buyer(second, 2, email="alice@example.com")()

        assert again.discount > 0
        assert Coupon.objects.get(pk=coupon.pk).uses == 1

    def test_cancelling_and_ordering_at_once_never_deadlock(self):
        coupon = CouponFactory(code="MANY", usage_limit=50)
        carts = self._carts(16, "MANY", in_stock(50))
        buyers = [self._buyer(cart, number) for number, cart in enumerate(carts)]
        placed = [place() for place in buyers[:8]]

        def canceler(order):
            return lambda: fulfilment.cancel(order_id=order.pk, reason="", actor=None, now=NOW)

        jobs = zip(map(canceler, placed), buyers[8:], strict=True)
        _run([job for pair in jobs for job in pair])

        assert Coupon.objects.get(pk=coupon.pk).uses == 8
        assert bookkeeping.reconcile(now=NOW) == []

    def test_an_order_that_is_never_paid_gives_its_use_back(self):
        coupon = CouponFactory(code="ONE", usage_limit=1)
        (cart,) = self._carts(1, "ONE", in_stock(5))
        order = self._buyer(cart, 1)()

        checkout.expire(now=order.expires_at)

        assert Coupon.objects.get(pk=coupon.pk).uses == 0
        assert PromotionUse.objects.get().released_at is not None
