"""Two people at the same shelf: real threads, real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from inventory.models import StockMovement
from inventory.services import count_sheets, counting, stock, transfers
from inventory.services.count_sheets import CountRefused, Which
from inventory.services.counting import By, CountedMeanwhile
from inventory.services.stock import default_location
from inventory.services.transfers import TransferRefused
from shop.lib.errors import Refused
from shop.processes.stocktaking import counting as process
from shop.processes.stocktaking import transferring
from tests.factories import MarketFactory, TaxRateFactory, stock_of
from tests.factories.floor import LocationFactory, at, shelved
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mug(transactional_db):
    TaxRateFactory()
    MarketFactory()
    return shelved(10, sku="MUG-1")


def _at_once(jobs):
    """Run all jobs at the same moment, each on a connection of its own."""
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=20)
            return job()
        except Refused as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def begun():
    return count_sheets.begin(
        location=default_location(), which=Which(), actor=None, now=timezone.now()
    )


def counted(figure):
    count = begun()
    by = By(UserFactory(), timezone.now())
    counting.record(line_id=count.lines.get().pk, counted=figure, seen=None, by=by)
    return count_sheets.finish(count_id=count.pk, actor=None, now=timezone.now())


def test_two_people_scan_the_same_line_and_every_scan_counts(mug):
    count = begun()
    people = [By(UserFactory(), timezone.now()) for _ in range(8)]

    _at_once(
        [
            lambda by=by: counting.scan(count=count, variant=mug, units=1, place=None, by=by)
            for by in people
        ]
    )

    assert count.lines.get().counted == 8


def test_two_people_write_on_the_same_line_and_one_is_told(mug):
    line = begun().lines.get()
    people = [By(UserFactory(), timezone.now()) for _ in range(2)]

    outcomes = _at_once(
        [
            lambda by=by, figure=figure: (
                counting.record(line_id=line.pk, counted=figure, seen=None, by=by).counted
            )
            for figure, by in zip((7, 8), people, strict=True)
        ]
    )

    line.refresh_from_db()
    assert CountedMeanwhile in outcomes
    assert line.counted in outcomes


def test_two_approvals_at_once_are_booked_once(mug):
    count = counted(7)
    people = [UserFactory(is_superuser=True) for _ in range(4)]

    booked = _at_once(
        [
            lambda who=who: process.approve(count_id=count.pk, actor=who, now=timezone.now())
            for who in people
        ]
    )

    assert sorted(one.is_new for one in booked) == [False, False, False, True]
    assert stock_of(mug) == (7, 0)
    assert StockMovement.objects.filter(reference=count.number).count() == 1


def test_a_figure_comes_before_the_end_of_the_count_or_not_at_all(mug):
    count = begun()
    line = count.lines.get()
    by = By(UserFactory(), timezone.now())
    counting.record(line_id=line.pk, counted=7, seen=None, by=by)

    outcomes = _at_once(
        [
            lambda: counting.record(line_id=line.pk, counted=9, seen=7, by=by).counted,
            lambda: count_sheets.finish(count_id=count.pk, actor=None, now=timezone.now()).status,
        ]
    )

    line.refresh_from_db()
    assert outcomes[1] == "counted"
    assert (outcomes[0], line.counted) in ((9, 9), (CountRefused, 7))


def test_approving_while_orders_take_the_goods_never_deadlocks(mug):
    mugs = [mug, *(shelved(10) for _ in range(3))]
    count = begun()
    by = By(UserFactory(), timezone.now())
    for line in count.lines.all():
        counting.record(line_id=line.pk, counted=8, seen=None, by=by)
    count_sheets.finish(count_id=count.pk, actor=None, now=timezone.now())
    owner = UserFactory(is_superuser=True)

    def take():
        lines = {uuid4(): (one.pk, 1) for one in reversed(mugs)}
        stock.allocate(lines=lines, reference="race", now=timezone.now())

    _at_once(
        [
            lambda: process.approve(count_id=count.pk, actor=owner, now=timezone.now()),
            *[take] * 6,
        ]
    )

    assert [stock_of(one) for one in mugs] == [(8, 6)] * 4


def test_a_transfer_sent_and_received_from_two_phones_moves_once(mug):
    shop = LocationFactory()
    transfer = transfers.draft(
        source=default_location(), target=shop, actor=None, now=timezone.now()
    )
    transfers.put(transfer_id=transfer.pk, variant_id=mug.pk, units=4)

    def send():
        return transferring.send(transfer_id=transfer.pk, actor=None, now=timezone.now())

    def receive():
        return transferring.receive(
            transfer_id=transfer.pk, received={}, actor=None, now=timezone.now()
        )

    sent, received = _at_once([send] * 3), _at_once([receive] * 3)

    assert sorted(map(str, sent)).count(str(TransferRefused)) == 2
    assert sorted(map(str, received)).count(str(TransferRefused)) == 2
    assert (at(mug).on_hand, at(mug, shop).on_hand) == (6, 4)
