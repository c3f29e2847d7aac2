"""Files of a marketplace's orders, read."""

import json
from decimal import Decimal

import pytest

from channels.services import order_files
from shop.lib.csvfiles import FileRefused

HEAD = "reference,placed_at,email,name,line1,city,postcode,country,currency,shipping,sku,quantity,price"
ADA = "ada@example.com,Ada,1 Row,London,N1 9GU,gb,GBP,3.90"


def _file(tmp_path, text):
    path = tmp_path / "orders"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_of_one_reference_are_one_order(tmp_path):
    rows = [f"A-1,2026-05-01T10:00:00Z,{ADA},MUG,2,18.00", f"A-1,,{ADA},BOWL,1,24.5"]

    (order,) = order_files.read(_file(tmp_path, "\n".join([HEAD, *rows])))

    assert [(one.sku, one.quantity) for one in order.lines] == [("MUG", 2), ("BOWL", 1)]
    assert order.shipping == Decimal("3.90")
    assert order.buyer["country"] == "GB"


def test_json_says_the_same(tmp_path):
    data = {
        "orders": [
            {
                "reference": "A-1",
                "name": "Ada",
                "line1": "1 Row",
                "city": "London",
                "country": "GB",
                "lines": [{"sku": "MUG", "quantity": 2, "price": 18.00}],
            }
        ]
    }

    (order,) = order_files.read(_file(tmp_path, json.dumps(data)))

    assert order.problem == ""
    assert order.lines[0].price == 18


def test_what_was_kept_reads_as_it_came(tmp_path):
    row = f"A-1,2026-05-01T10:00:00Z,{ADA},MUG,2,18.00"
    (order,) = order_files.read(_file(tmp_path, f"{HEAD}\n{row}"))

    assert order_files.read_one(json.loads(json.dumps(order.as_json()))) == order


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"A-1,,{ADA},MUG,0,18.00", "quantity"),
        (f"A-1,,{ADA},MUG,1,free", "price"),
        (f"A-1,,{ADA},MUG,1,-1", "price"),
        (f"A-1,,{ADA},,1,1", "SKU"),
        (f"A-1,yesterday,{ADA},MUG,1,1", "placed_at"),
        ("A-1,,a@b.c,,1 Row,London,N1,GB,GBP,1,MUG,1,1", "name is missing"),
    ],
)
def test_an_order_that_can_not_be_read_says_why(tmp_path, row, words):
    (order,) = order_files.read(_file(tmp_path, f"{HEAD}\n{row}"))

    assert words in order.problem


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, "a,b\n1,2", '{"orders": 7}'])
def test_a_file_without_orders_is_refused_in_words(tmp_path, text):
    with pytest.raises(FileRefused):
        order_files.read(_file(tmp_path, text))
