"""Files of any length are read a few rows at a time, in their order."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.lib.batches import read_in_parts

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    return ContentType.objects.order_by("-model", "app_label")


def test_every_row_comes_once_and_in_order(rows):
    assert [row.pk for row in read_in_parts(rows, 7)] == [row.pk for row in rows]


def test_a_slice_stays_a_slice(rows):
    assert list(read_in_parts(rows[3:20], 5)) == list(rows[3:20])


def test_named_columns_stay_columns(rows):
    columns = rows.values_list("pk", "model", named=True)

    assert list(read_in_parts(columns, 5)) == list(columns)


def test_no_more_than_a_part_is_asked_for_at_once(rows):
    with CaptureQueriesContext(connection) as asked:
        reading = read_in_parts(rows, 10)
        next(reading)

    assert len(asked) == 2
    assert "DECLARE" not in "".join(one["sql"] for one in asked)


def test_a_row_that_is_gone_meanwhile_is_left_out(rows):
    gone = ContentType.objects.create(app_label="a", model="0 the last of all")
    reading = read_in_parts(rows, 5)
    first = next(reading)
    gone.delete()

    assert gone.pk not in {first.pk, *(row.pk for row in reading)}
