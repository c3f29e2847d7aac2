"""Papers of many orders: one file, a page for each, and a word about every order without one."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from inventory.models import Location
from shipping.models import BulkRun, Carrier, Fulfilment, Label
from shipping.services import papers
from shop.processes import bulk
from tests.factories import in_stock
from tests.shipping.paper import read, text_of
from tests.shipping.parcels import bought, parcel_of

pytestmark = pytest.mark.django_db
Kind = BulkRun.Kind


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def worked_off(kind, *orders, **options):
    rows = [(order.pk, None) for order in orders]
    run = bulk.ask(kind=kind, rows=rows, options=options, actor=None, now=timezone.now())
    for _row in bulk.work(run_id=run.pk, now=timezone.now):
        pass
    run.refresh_from_db()
    return run


def content_of(run):
    with run.file.open("rb") as file:
        return file.read()


def words_of(run):
    return [row.words for row in run.rows.order_by("position")]


def test_slips_come_in_the_order_they_were_asked_for_parcel_or_not():
    packed, loose = bought((in_stock(), 1)), bought((in_stock(), 1))
    parcel_of(packed)

    run = worked_off(Kind.PACKING_SLIPS, loose, packed)

    pages = [page.extract_text() for page in read(content_of(run)).pages]
    assert [loose.number in pages[0], f"{packed.number}-1" in pages[1]] == [True, True]
    assert (run.status, run.done, len(pages)) == ("done", 2, 2)


def test_what_has_left_gets_no_slip_while_the_rest_waits():
    order = bought((in_stock(), 2))
    line = order.lines.get()
    sent = parcel_of(order, {line: 1})
    Fulfilment.objects.filter(pk=sent.pk).update(status="shipped", shipped_at=timezone.now())
    line.fulfilled = 1
    line.save(update_fields=["fulfilled"])

    rest = text_of(content_of(worked_off(Kind.PACKING_SLIPS, order)))
    parcel_of(order, {line: 1})
    parcel = text_of(content_of(worked_off(Kind.PACKING_SLIPS, order)))

    assert f"{order.number}-1" not in rest
    assert f"{order.number}-2" in parcel
    assert f"{order.number}-1" not in parcel


def test_prices_are_an_option():
    order = bought((in_stock(price="24.00"), 1))

    assert "£24.00" in text_of(content_of(worked_off(Kind.PACKING_SLIPS, order, prices=True)))
    assert "£" not in text_of(content_of(worked_off(Kind.PACKING_SLIPS, order, prices=False)))


def test_a_pick_list_is_of_parcels_that_wait_and_says_which_orders_have_none():
    waiting, packed = bought((in_stock(sku="MUG-1"), 1)), bought((in_stock(), 1))
    place = Location.objects.get()
    parcel = parcel_of(waiting, location=place)
    Fulfilment.objects.filter(pk=parcel.pk).update(status="pending")
    parcel_of(packed, location=place)

    run = worked_off(Kind.PICK_LISTS, waiting, packed)

    assert "MUG-1" in text_of(content_of(run))
    assert (run.done, run.refused) == (1, 1)
    assert words_of(run) == ["", "No parcel of it is to be picked."]


def test_labels_are_one_file_and_orders_without_one_are_named():
    labelled, bare = bought((in_stock(), 1)), bought((in_stock(), 1))
    parcel = parcel_of(labelled)
    parcel_of(bare)
    label = Label.objects.create(
        carrier=Carrier.objects.create(code="own", name="Own"),
        fulfilment=parcel,
        status=Label.Status.BOUGHT,
        tracking_number="T1",
        requested_at=timezone.now(),
        key="label-1",
    )
    label.file.save("1.pdf", ContentFile(papers.slips_of_orders([labelled], prices=False)))

    run = worked_off(Kind.LABEL_SHEETS, bare, labelled)

    assert len(read(content_of(run)).pages) == 1
    assert words_of(run) == ["No label was bought for it.", ""]
