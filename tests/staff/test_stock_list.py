"""The list of stock: every bucket, filters, numbers typed over in their rows, its file."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import StockItem, StockMovement, StockPolicy
from tests.exported import without_mark
from tests.factories import in_stock, stock_of
from tests.factories.sourcing import forecast_of, offered

pytestmark = pytest.mark.django_db
LIST = "/admin/inventory/stockitem/"
CORRECTION = reverse("admin:inventory_stockitem_correction")


def item_of(variant):
    return StockItem.objects.get(variant=variant)


def typed(item, units, *, was=None, **more):
    row = {f"on_hand_{item.pk}": units, f"was_{item.pk}": item.on_hand if was is None else was}
    return row | {"kind": "count", "reason": "Counted"} | more


def told(answer):
    return [str(message) for message in answer.wsgi_request._messages]


def skus(client, **query):
    return {row.variant.sku for row in client.get(LIST, query).context["cl"].result_list}


def test_a_number_typed_over_in_the_list_is_booked_with_its_reason(sign_in):
    warehouse = sign_in("warehouse")
    item = item_of(in_stock(10))

    answer = warehouse.post(CORRECTION, typed(item, 7, back="level=fine"))

    movement = StockMovement.objects.latest("pk")
    assert answer.url == f"{LIST}?level=fine"
    assert (movement.kind, movement.on_hand_change, movement.reason) == ("count", -3, "Counted")
    assert told(answer) == [f"{item.variant.sku}: 10 → 7"]


def test_rows_that_were_not_typed_over_stay_as_they_are(owner):
    touched, left = item_of(in_stock(10)), item_of(in_stock(4))

    owner.post(CORRECTION, typed(touched, 9) | typed(left, 4, was=4))

    assert stock_of(left.variant) == (4, 0)
    assert not StockMovement.objects.filter(stock_item=left, reason="Counted").exists()


def test_each_row_says_what_came_of_it(owner):
    fine, moved = item_of(in_stock(10)), item_of(in_stock(10))

    answer = owner.post(CORRECTION, typed(fine, 8) | typed(moved, 5, was=12))

    assert sorted(told(answer)) == sorted(
        [f"{fine.variant.sku}: 10 → 8", f"{moved.variant.sku}: there are 10 by now; look again."]
    )
    assert stock_of(moved.variant) == (10, 0)


def test_a_form_sent_twice_takes_units_away_once(owner):
    item = item_of(in_stock(10))

    owner.post(CORRECTION, typed(item, 7))
    owner.post(CORRECTION, typed(item, 7))

    assert stock_of(item.variant) == (7, 0)


def test_without_a_reason_it_is_asked_and_nothing_typed_is_lost(owner):
    item = item_of(in_stock(10))

    answer = owner.post(CORRECTION, typed(item, 7, reason=""))

    assert answer.status_code == 200
    assert answer.context["form"][f"on_hand_{item.pk}"].value() == "7"
    assert stock_of(item.variant) == (10, 0)


@pytest.mark.parametrize("units", ["-1", "lots", "1000001"])
def test_what_is_no_number_of_units_is_refused(owner, units):
    item = item_of(in_stock(10))

    answer = owner.post(CORRECTION, typed(item, units))

    assert answer.status_code == 200
    assert stock_of(item.variant) == (10, 0)


def test_who_only_looks_finds_no_fields(sign_in):
    item = item_of(in_stock(10))
    support = sign_in("support")

    page = support.get(LIST).content.decode()
    answer = support.post(CORRECTION, typed(item, 7))

    assert f'name="on_hand_{item.pk}"' not in page
    assert answer.status_code == 403


def test_all_buckets_are_shown_and_none_counts_twice(owner):
    item = item_of(in_stock(20))
    StockItem.objects.filter(pk=item.pk).update(
        allocated=3, reserved=2, incoming=40, damaged=1, safety=4
    )

    (row,) = owner.get(LIST).context["cl"].result_list

    assert (row.free, row.available) == (11, 11)


def test_days_of_cover_follow_the_forecast(owner):
    item = item_of(in_stock(20))
    forecast_of(item.variant, "7")

    rows = list(csv.DictReader(io.StringIO(_file(owner))))

    assert [(row["Days of cover"], row["On hand"]) for row in rows] == [("20", "20")]


def test_the_list_is_narrowed_by_supplier_promise_and_batches(owner):
    bought, ahead, tea = in_stock(5), in_stock(5), in_stock(5)
    supplier = offered(bought).supplier
    StockPolicy.objects.create(variant=ahead, selling="backorder", limit=9)
    StockPolicy.objects.create(variant=tea, tracks_batches=True)

    assert skus(owner, supplier=supplier.code) == {bought.sku}
    assert skus(owner, ahead="yes") == {ahead.sku}
    assert skus(owner, ahead="no") == {bought.sku, tea.sku}
    assert skus(owner, batches="yes") == {tea.sku}


def test_a_longer_list_asks_no_more_of_the_database(owner):
    for _number in range(10):
        in_stock(1)
    few = _queries(owner)
    for _number in range(40):
        in_stock(1)

    assert _queries(owner) == few


def _file(client):
    return without_mark(client.get(f"{LIST}list.csv").getvalue().decode("utf-8-sig"))


def _queries(client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(LIST).status_code == 200
    return len(queries)
