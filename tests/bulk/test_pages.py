"""Runs in the admin: asked from the lists, watched while they are worked off, read afterwards."""

import pytest
from django.urls import reverse

from shipping.models import BulkRun
from tests.bulk.runs import asked, worked
from tests.factories import in_stock, paid_order, placed_order
from tests.picking.parcels import packed, wave_of

pytestmark = pytest.mark.django_db
ORDERS = "/admin/orders/order/"


@pytest.fixture
def warehouse(sign_in):
    return sign_in("warehouse")


def _page(run):
    return reverse("admin:shipping_bulkrun_change", args=[run.pk])


def _ticked(client, action, *orders, across=False):
    form = {"action": action, "_selected_action": [one.pk for one in orders]}
    if across:
        form["select_across"] = "1"
    return client.post(ORDERS, form)


def _begin(client, page):
    form = page.context["form"]
    return client.post(page.context["address"], {"rows": form.initial["rows"]})


def test_ticked_orders_are_asked_about_and_become_a_run(warehouse):
    found = [paid_order(variant=in_stock(5)) for _count in range(2)]

    page = _ticked(warehouse, "pack", *found)
    answer = _begin(warehouse, page)

    run = BulkRun.objects.get()
    assert "Pick and pack (2)" in page.content.decode()
    assert (run.kind, run.total) == ("pack", 2)
    assert answer["Location"] == _page(run)


def test_a_run_may_take_more_orders_than_a_page_shows(warehouse):
    found = [paid_order(variant=in_stock(5)) for _count in range(3)]

    page = _ticked(warehouse, "pack", found[0], across=True)

    assert page.context["count"] == 3


def test_what_is_no_order_is_no_row(warehouse):
    order = paid_order()

    address = reverse("admin:shipping_bulkrun_ask", args=["pack"])
    warehouse.post(address, {"rows": f"{order.pk},999999999"})

    assert BulkRun.objects.get().total == 1
    assert warehouse.post(address, {"rows": "1;drop"}).status_code == 200
    assert warehouse.get(address).status_code == 404


def test_a_run_needs_the_right_to_do_it_by_hand(sign_in):
    support = sign_in("support")
    address = reverse("admin:shipping_bulkrun_ask", args=["ship"])

    assert support.post(address, {"rows": "1"}).status_code == 403


def test_the_page_asks_again_while_a_worker_is_at_it(warehouse):
    run = asked("pack", paid_order(), paid_order())
    worked(run, rows=1)

    page = warehouse.get(_page(run)).content.decode()
    part = warehouse.get(_page(run), headers={"hx-request": "true"}).content.decode()

    assert "1 of 2" in page
    assert 'hx-trigger="every 1s"' in part
    assert "<html" in page
    assert "<html" not in part


def test_the_finished_page_reports_and_asks_no_more(warehouse):
    fine, unpaid = paid_order(), placed_order()
    run = worked(asked("pack", fine, unpaid))

    page = warehouse.get(_page(run)).content.decode()
    refused = warehouse.get(f"{_page(run)}?show=refused").content.decode()

    assert "every 1s" not in page
    assert f"Parcel {fine.number}-1" in page
    assert unpaid.number in refused
    assert f"Parcel {fine.number}-1" not in refused


def test_a_run_is_stopped_by_its_button(warehouse):
    run = asked("pack", paid_order())

    warehouse.post(reverse("admin:shipping_bulkrun_stop", args=[run.pk]))

    run.refresh_from_db()
    assert run.status == "stopped"


def test_parcels_are_sent_from_their_own_list(warehouse):
    (parcel,) = packed(paid_order())

    form = {"action": "ship", "_selected_action": [parcel.pk]}
    page = warehouse.post("/admin/shipping/fulfilment/", form)
    _begin(warehouse, page)

    row = BulkRun.objects.get().rows.get()
    assert (row.order_id, row.parcel) == (parcel.order_id, parcel.pk)


def test_a_run_without_a_file_has_none_to_open(warehouse):
    run = asked("pack", paid_order())

    assert warehouse.get(reverse("admin:shipping_bulkrun_file", args=[run.pk])).status_code == 404


def test_a_wave_is_read_in_the_admin(warehouse):
    wave = wave_of(paid_order())

    listed = warehouse.get(reverse("admin:shipping_pickwave_changelist"))
    page = warehouse.get(reverse("admin:shipping_pickwave_change", args=[wave.pk]))

    assert wave.number in listed.content.decode()
    assert page.status_code == 200
