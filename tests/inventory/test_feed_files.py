"""What suppliers send is read row by row, and nothing in it is believed."""

import json
from decimal import Decimal

import pytest

from inventory.models import SupplierFeed
from inventory.services.feed_files import MOST_ROWS, FeedRefused, read


def csv_feed(**fields):
    return SupplierFeed(format="csv", **fields)


def json_feed(**fields):
    return SupplierFeed(format="json", **fields)


def rows(text, feed=None):
    reading = read(text.encode() if isinstance(text, str) else text, feed or csv_feed())
    return {row.sku: (row.stock, row.cost) for row in reading.rows.values()}


def problems(text, feed=None):
    return [one["words"] for one in read(text.encode(), feed or csv_feed()).problems]


def test_reads_a_table_of_stock_and_costs():
    assert rows("sku,stock,cost\nA-1,12,4.50\nB-2,0,10\n") == {
        "A-1": (12, Decimal("4.500")),
        "B-2": (0, Decimal("10.000")),
    }


def test_columns_are_found_by_the_names_the_feed_has_been_given():
    feed = csv_feed(sku_field="Art.-Nr.", stock_field="Bestand", cost_field="EK netto")

    assert rows("Art.-Nr.;EK netto;Bestand\nX9;3,20;7\n", feed) == {"X9": (7, Decimal("3.200"))}


def test_a_column_that_is_not_asked_for_is_not_read():
    assert rows("sku,cost\nA,2\n", csv_feed(stock_field="")) == {"A": (None, Decimal("2.000"))}


def test_an_empty_cell_says_nothing():
    assert rows("sku,stock,cost\nA,,\n") == {"A": (None, None)}


@pytest.mark.parametrize(
    "cost", ["1,250", "-3", "free", "1e9", "NaN", "0", "0.00", "=1+1", "9" * 12, "£3", "1.2.3"]
)
def test_an_amount_nobody_is_sure_of_is_a_problem_and_not_a_cost(cost):
    text = f'sku,stock,cost\nA,1,"{cost}"\nB,1,2\n'

    assert rows(text) == {"B": (1, Decimal("2.000"))}
    assert len(problems(text)) == 1


@pytest.mark.parametrize("stock", ["-1", "many", "1.5", "1e3", "9" * 12, "1,000,000"])
def test_a_stock_that_is_no_number_of_units_is_a_problem(stock):
    assert rows(f'sku,stock,cost\nA,"{stock}",1\nB,3.0,2\n') == {"B": (3, Decimal("2.000"))}


def test_the_first_of_two_rows_with_one_sku_counts():
    text = "sku,stock,cost\nA,1,1\nA,2,2\n"

    assert rows(text) == {"A": (1, Decimal("1.000"))}
    assert problems(text) == ["“A” is there twice; the first one counts."]


def test_problems_name_their_rows_and_are_few():
    reading = read(("sku,stock,cost\n" + ",1,1\n" * 50 + "A,1,1\n").encode(), csv_feed())

    assert reading.problems[0] == {"row": 2, "words": "It has no SKU."}
    assert (len(reading.problems), reading.count) == (20, 51)


def test_reads_rows_out_of_json_wherever_they_are():
    text = json.dumps({"data": {"items": [{"SKU": "A", "stock": 3, "cost": 1.25}]}})

    assert rows(text, json_feed(rows_path="data.items")) == {"A": (3, Decimal("1.250"))}


def test_json_numbers_keep_their_cents():
    assert rows('[{"sku": "A", "cost": 0.1, "stock": 2.0}]', json_feed()) == {
        "A": (2, Decimal("0.100"))
    }


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "null", "7", '"rows"', "{}", "[]", "[1, 2]", '[{"sku": ["A"]}]', "\ufeff"),
        *('[{"sku": "A", "cost": NaN}]', "[" * 100_000, '{"a":' * 100_000, '[{"sku": null}]'),
        '[{"sku": "A", "cost": 1e999999999999999999999}]',
    ],
)
def test_hostile_json_is_refused_with_words(text):
    with pytest.raises(FeedRefused) as refused:
        rows(text, json_feed())

    assert refused.value.message


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\x00\x01\x02", b"PK\x03\x04 a workbook", b"sku,stock\n1,2\n", b"<html>sku</html>"),
        *(b'sku,stock,cost\n"A,1,2\n', b"sku,stock,cost\n\xff\xfe\x00\n", b"sku,stock,cost\n"),
    ],
)
def test_what_is_no_table_is_refused_with_words(content):
    with pytest.raises(FeedRefused) as refused:
        rows(content)

    assert refused.value.message


def test_a_path_through_something_else_is_refused():
    with pytest.raises(FeedRefused, match="no list of rows"):
        rows('{"data": [1]}', json_feed(rows_path="data.items"))


def test_words_and_nested_values_are_no_numbers():
    text = '[{"sku": "A", "stock": true, "cost": {"amount": 3}}, {"sku": "B", "stock": [1]}]'

    assert rows(text, json_feed()) == {"A": (None, None), "B": (None, None)}


def test_signs_nobody_sees_are_left_out_of_a_sku():
    assert list(rows('[{"sku": "A\\u0000\\u200b1", "stock": 1}]', json_feed())) == ["A1"]


def test_a_file_with_too_many_rows_is_refused():
    with pytest.raises(FeedRefused, match="more than"):
        rows("sku,stock,cost\n" + "A,1,1\n" * (MOST_ROWS + 1))


def test_the_same_file_read_otherwise_is_another_reading():
    content = b"sku,stock,cost,price\nA,1,2,3\n"

    by_cost, by_price = read(content, csv_feed()), read(content, csv_feed(cost_field="price"))

    assert by_cost.digest != by_price.digest
    assert by_cost.digest == read(content, csv_feed()).digest
