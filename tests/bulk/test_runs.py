"""One action on many orders: worked off row by row, once each, with a report."""

import pytest

from orders.services import orders
from shipping.models import BulkRun, Fulfilment
from shop.outbox.models import Message
from shop.processes import bulk
from shop.processes.bulk import RunRefused
from shop.processes.bulk.terms import Handler
from shop.tasks import work_run
from tests.bulk.runs import NOW, asked, report, worked
from tests.factories import in_stock, paid_order, placed_order, stock_of
from tests.factories.people import UserFactory
from tests.picking.parcels import move, packed, prepared, wave_of

pytestmark = pytest.mark.django_db


def _states():
    return sorted(Fulfilment.objects.values_list("status", flat=True))


@pytest.fixture
def finisher():
    """Packing makes a file here, for this test."""
    bulk.FINISHERS["pack"] = lambda run, now: (f"run-{run.done}.txt", b"paper")
    yield
    del bulk.FINISHERS["pack"]


def test_orders_are_packed_and_sent_by_two_runs():
    variant, person = in_stock(9), UserFactory()
    found = [paid_order(variant=variant) for _count in range(3)]

    first = worked(asked("pack", *found, actor=person))
    second = worked(asked("ship", *found, actor=person, carrier="Royal Mail"))

    assert (first.status, first.done, first.refused) == ("done", 3, 0)
    assert (second.status, second.done, second.refused) == ("done", 3, 0)
    assert _states() == ["shipped"] * 3
    assert stock_of(variant) == (6, 0)
    assert set(Fulfilment.objects.values_list("carrier", flat=True)) == {"Royal Mail"}
    assert {one.actor for one in Fulfilment.objects.first().events.all()} == {person}


def test_the_report_says_which_parcel_and_why_not():
    fine, unpaid, stopped = paid_order(), placed_order(), paid_order()
    orders.hold(order=stopped, reason="odd", move=move())

    run = worked(asked("pack", fine, unpaid, stopped))

    assert [outcome for outcome, _words in report(run)] == ["done", "refused", "refused"]
    assert report(run)[0][1] == f"Parcel {fine.number}-1"
    assert (run.done, run.refused, run.status) == (1, 2, "done")


def test_an_order_ticked_twice_is_one_row():
    order = paid_order()

    assert asked("pack", order, order).total == 1


def test_a_run_of_nothing_is_refused():
    with pytest.raises(RunRefused):
        asked("pack")


def test_a_run_may_be_about_one_parcel():
    order = paid_order()
    (parcel,) = packed(order)

    run = worked(asked("ship", parcels=[parcel]))

    assert report(run) == [("done", f"Parcel {order.number}-1")]


def test_a_parcel_that_is_not_packed_is_refused_by_name():
    (parcel,) = prepared(paid_order())

    run = worked(asked("ship", parcels=[parcel]))

    ((outcome, words),) = report(run)
    assert outcome == "refused"
    assert "To pick" in words


def test_what_a_colleague_walks_is_not_packed():
    order = paid_order()
    wave_of(order)

    run = worked(asked("pack", order))

    assert report(run)[0][0] == "refused"
    assert _states() == ["picking"]


def test_picking_without_a_walk_begins_with_all_parcels():
    run = worked(asked("pick", paid_order()))

    assert run.done == 1
    assert _states() == ["picking"]
    assert worked(asked("pack", *[row.order for row in run.rows.all()])).done == 1


def test_orders_are_confirmed_by_a_run():
    order = placed_order(payment_method="bank_transfer")

    run = worked(asked("confirm", order))

    order.refresh_from_db()
    assert (run.done, order.status) == (1, "confirmed")


def test_a_worker_that_dies_is_carried_on_from():
    variant = in_stock(9)
    run = asked("pack", *[paid_order(variant=variant) for _count in range(4)])

    half = worked(run, rows=2)
    assert (half.status, half.done) == ("running", 2)
    whole = worked(run)

    assert (whole.status, whole.done) == ("done", 4)
    assert _states() == ["packed"] * 4


def test_the_task_is_put_off_while_it_works_and_done_at_the_end(transactional_db):
    run = asked("pack", paid_order())
    message = Message.objects.get(topic="bulk.work")

    work_run(message_id=message.pk)

    run.refresh_from_db()
    message.refresh_from_db()
    assert run.status == "done"
    assert message.done_at is not None


def test_a_stopped_run_does_no_more():
    run = asked("pack", paid_order(), paid_order())
    worked(run, rows=1)

    bulk.stop(run_id=run.pk, now=NOW)
    after = worked(run)

    assert (after.status, after.done) == ("stopped", 1)
    with pytest.raises(RunRefused):
        bulk.stop(run_id=run.pk, now=NOW)


def test_a_row_that_breaks_is_reported_and_stops_nobody():
    def broken(_row, _options, _actor, _now):
        raise ZeroDivisionError

    before = bulk.HANDLERS["pick"]
    bulk.HANDLERS["pick"] = Handler(broken)
    try:
        run = worked(asked("pick", paid_order()))
    finally:
        bulk.HANDLERS["pick"] = before

    assert (run.status, run.refused) == ("done", 1)


@pytest.mark.usefixtures("finisher")
def test_a_run_that_makes_a_paper_keeps_it():
    run = worked(asked("pack", paid_order()))

    assert run.file.name.endswith(".txt")
    assert run.file.read() == b"paper"
    run.file.delete(save=False)


@pytest.mark.usefixtures("finisher")
def test_a_run_of_which_nothing_was_done_makes_no_paper():
    run = worked(asked("pack", placed_order()))

    assert not run.file
    assert BulkRun.objects.get().status == "done"
