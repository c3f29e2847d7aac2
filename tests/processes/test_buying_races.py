"""Two people at one door: real threads, real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from inventory.models import Receipt, StockItem
from inventory.services.purchases import WrongState
from shop.lib.errors import Refused
from tests.factories import stock_of
from tests.factories.buying import came, offer, on_order, supplier

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("demo_market"),
]


def _at_once(jobs):
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=20)
            return job()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def _bought(*units):
    by = supplier()
    return on_order(by, *[(offer(by).variant, count) for count in units])


def test_two_who_take_in_all_of_it_at_once_take_it_in_once():
    order = _bought(10)

    done = _at_once([lambda: came(order, 10)] * 2)

    assert len([one for one in done if isinstance(one, WrongState)]) == 1
    assert stock_of(order.lines.get().variant) == (10, 0)
    assert StockItem.objects.get().incoming == 0


def test_a_button_pressed_five_times_is_one_delivery():
    order, key = _bought(10), uuid4()

    done = _at_once([lambda: came(order, 4, key=key)] * 5)

    assert [one.is_new for one in done].count(True) == 1
    assert Receipt.objects.count() == 1
    assert stock_of(order.lines.get().variant) == (4, 0)


def test_two_who_take_in_halves_at_once_make_the_whole():
    order = _bought(10, 4)

    _at_once([lambda: came(order, 5, 2)] * 2)

    order.refresh_from_db()
    assert order.status == "received"
    assert [item.on_hand for item in StockItem.objects.order_by("pk")] == [10, 4]
    assert order.receipts.count() == 2


def test_deliveries_of_the_same_goods_from_two_suppliers_queue_up():
    first, second = _bought(50, 50, 50), supplier()
    variants = [line.variant for line in first.lines.order_by("-position")]
    for variant in variants:
        offer(second, variant)
    other = on_order(second, *[(variant, 50) for variant in variants])

    _at_once([lambda: came(first, 5, 5, 5), lambda: came(other, 5, 5, 5)] * 4)

    assert [item.on_hand for item in StockItem.objects.all()] == [40, 40, 40]
