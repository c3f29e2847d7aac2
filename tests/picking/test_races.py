"""Two at the same parcel: real threads, real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from orders.models import Order
from shipping.models import BulkRow, Fulfilment
from shipping.services import parcels
from shop.lib.errors import Refused
from shop.outbox.models import Message
from shop.processes import bookkeeping, bulk, fulfilment, picking
from shop.processes.bulk.terms import Handler
from tests.bulk.runs import asked
from tests.factories import in_stock, paid_order, stock_of
from tests.factories.people import UserFactory
from tests.picking.parcels import NOW, packed, prepared, scanned, sent, wave_of

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs):
    """What each answered, or how it was refused; all from the same moment on."""
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


def _refused(answers):
    return [one for one in answers if isinstance(one, Refused)]


def _broken():
    return [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken]


def _cancel(order):
    return fulfilment.cancel(order_id=order.pk, reason="", actor=None, now=timezone.now())


def test_two_packers_close_a_parcel_once():
    (parcel,) = prepared(paid_order())

    answers = at_once(
        *[lambda: picking.pack(fulfilment_id=parcel.pk, box=None, grams=500, actor=None, now=NOW)]
        * 2
    )

    assert len(_refused(answers)) == 1
    assert parcel.events.filter(to_state="packed").count() == 1


def test_a_parcel_sent_by_two_leaves_once():
    variant = in_stock(5)
    (parcel,) = packed(paid_order(variant=variant))

    answers = at_once(lambda: sent(parcel), lambda: sent(parcel), lambda: sent(parcel))

    assert len(_refused(answers)) == 2
    assert stock_of(variant) == (4, 0)
    assert Message.objects.filter(topic="mail.order_shipped").count() == 1
    assert _broken() == []


def test_an_order_is_cancelled_or_picked_but_not_both():
    for _round in range(4):
        order = paid_order(variant=in_stock(5))
        wave = wave_of(order, started=False)
        person = UserFactory()

        answers = at_once(
            lambda: _cancel(order),  # noqa: B023
            lambda: picking.start_wave(wave_id=wave.pk, actor=person, now=NOW),  # noqa: B023
        )

        order.refresh_from_db()
        state = order.fulfilments.get().status
        assert (order.status, state) in {("canceled", "canceled"), ("confirmed", "picking")}
        assert len(_refused(answers)) == 1
    assert _broken() == []


def test_two_waves_of_the_same_orders_share_no_parcel():
    variant = in_stock(9)
    found = [paid_order(variant=variant) for _count in range(3)]

    at_once(*[lambda: wave_of(*found, started=False)] * 2)

    assert Fulfilment.objects.count() == 3
    assert len(set(Fulfilment.objects.values_list("wave", flat=True))) == 1


def test_two_scan_the_last_piece_and_one_is_told():
    variant = in_stock(5)
    wave = wave_of(paid_order(variant=variant))

    answers = at_once(*[lambda: scanned(wave, variant.sku)] * 2)

    assert len(_refused(answers)) == 1
    assert wave.tasks.get().picked == 1


def test_a_worker_that_dies_in_the_middle_of_a_row_leaves_it_undone_and_another_does_it_once():
    variant = in_stock(9)
    found = [paid_order(variant=variant) for _count in range(3)]
    for one in found:
        packed(one)
    run, real = asked("ship", *found), bulk.HANDLERS["ship"]

    def dies(row, options, actor, now):
        real.do(row, options, actor, now)
        if row.position == 2:
            raise SystemExit
        return ""

    bulk.HANDLERS["ship"] = Handler(dies)
    try:
        with pytest.raises(SystemExit):
            list(bulk.work(run_id=run.pk, now=timezone.now))
    finally:
        bulk.HANDLERS["ship"] = real
    run.refresh_from_db()
    assert (run.status, run.done, stock_of(variant)) == ("running", 1, (8, 2))
    list(bulk.work(run_id=run.pk, now=timezone.now))

    run.refresh_from_db()
    assert (run.status, run.done) == ("done", 3)
    assert stock_of(variant) == (6, 0)
    assert Message.objects.filter(topic="mail.order_shipped").count() == 3


def test_three_workers_at_one_run_do_each_row_once():
    variant = in_stock(30)
    found = [paid_order(variant=variant) for _count in range(8)]
    for one in found:
        packed(one)
    run = asked("ship", *found)

    at_once(*[lambda: list(bulk.work(run_id=run.pk, now=timezone.now))] * 3)
    list(bulk.work(run_id=run.pk, now=timezone.now))

    run.refresh_from_db()
    assert (run.status, run.done, run.refused) == ("done", 8, 0)
    assert BulkRow.objects.filter(outcome="done").count() == 8
    assert stock_of(variant) == (22, 0)
    assert Message.objects.filter(topic="mail.order_shipped").count() == 8
    assert Order.objects.filter(status="completed").count() == 8
    assert {one.status for one in Fulfilment.objects.all()} == {parcels.Status.SHIPPED}
    assert _broken() == []
