"""Where two processes meet over the same shelf: real threads, real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from inventory.models import Allocation
from inventory.services import stock
from inventory.services.stock import OutOfStock
from tests.factories import in_stock, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(jobs):
    """Run all jobs at the same moment, each on a connection of its own."""
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=20)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def _take(lines):
    try:
        stock.allocate(
            lines={uuid4(): line for line in lines}, reference="race", now=timezone.now()
        )
    except OutOfStock:
        return 0
    return 1


def test_twenty_shoppers_and_five_units_make_five_sales():
    variant = in_stock(5)

    sold = _at_once([lambda: _take([(variant.pk, 1)])] * 20)

    assert sum(sold) == 5
    assert stock_of(variant) == (5, 5)


def test_carts_in_opposite_order_queue_up_and_never_deadlock():
    one, two, three = in_stock(100), in_stock(100), in_stock(100)
    forwards = [(v.pk, 1) for v in (one, two, three)]
    backwards = list(reversed(forwards))

    sold = _at_once([lambda: _take(forwards), lambda: _take(backwards)] * 8)

    assert sum(sold) == 16
    assert [stock_of(v) for v in (one, two, three)] == [(100, 16)] * 3


def test_shipping_and_releasing_the_same_units_do_only_one_of_both():
    variant = in_stock(4)
    holder = uuid4()
    stock.allocate(lines={holder: (variant.pk, 4)}, reference="race", now=timezone.now())

    def ship():
        try:
            stock.consume(quantities={holder: 4}, reference="race", actor=None, now=timezone.now())
        except stock.StockRefused:
            return "refused"
        return "shipped"

    def release():
        freed = stock.release(holders=[holder], reference="race", now=timezone.now())
        return "released" if freed else "nothing"

    outcomes = _at_once([ship, release])

    assert stock_of(variant) in ((0, 0), (4, 0))
    assert not Allocation.objects.exists()
    assert ("shipped" in outcomes) == (stock_of(variant) == (0, 0))
