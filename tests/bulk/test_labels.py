"""Labels of many parcels: each bought once, each with its line in the report."""

import pytest

from shipping.models import Carrier, Label
from tests.bulk.runs import asked, report, worked
from tests.factories import in_stock, paid_order
from tests.picking.parcels import packed

pytestmark = pytest.mark.django_db


def test_each_packed_parcel_gets_its_label():
    variant = in_stock(20)
    orders = [paid_order(variant=variant) for _number in range(3)]
    for order in orders:
        packed(order)

    run = worked(asked("label", *orders))

    assert (run.done, run.refused) == (3, 0)
    assert report(run)[0] == ("done", f"Own label {orders[0].number}-1")
    assert Label.objects.filter(status="bought").count() == 3


def test_run_again_they_keep_the_labels_they_have():
    order = paid_order()
    packed(order)
    worked(asked("label", order))

    run = worked(asked("label", order))

    assert run.done == 1
    assert Label.objects.count() == 1


def test_who_has_no_parcel_is_refused_in_words():
    run = worked(asked("label", paid_order()))

    assert report(run) == [("refused", "No parcel of this order waits for a label.")]


def test_the_carrier_can_be_chosen_and_has_to_be_known():
    order = paid_order()
    packed(order)
    Carrier.objects.create(code="van", name="Our van")

    unknown = worked(asked("label", order, carrier="nobody"))
    chosen = worked(asked("label", order, carrier="van"))

    assert report(unknown) == [("refused", "No carrier is called “nobody”.")]
    assert report(chosen) == [("done", f"Our van {order.number}-1")]
