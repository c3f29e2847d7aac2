"""Import: a supplier's catalogue as JSON lines."""

import gzip
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalog.models import Product, Variant
from shop.lib.csvfiles import FileRefused
from shop.processes.importing import Wish, import_products

pytestmark = pytest.mark.django_db
PHONE = {
    "id": "4711",
    "title": "Panasonic KX-TG8061 cordless phone",
    "name": "KX-TG8061/B",
    "supplier": "Panasonic",
    "ean": ["5012345678900", "4006381333931"],
    "price": 12595,
    "short_description": "DECT telephone with answering machine",
    "category": "Phones > Cordless",
    "quantity": 3,
    "attr_t_product_colour": "Black",
    "attr_n_weight": 140.0,
    "attr_b_caller_id": True,
    "attr_b_fax": False,
}


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


@pytest.fixture
def load(tmp_path):
    def load(*products, name="export.jsonl"):
        path = tmp_path / name
        lines = [one if isinstance(one, str) else json.dumps(one) for one in products]
        content = "\n".join(lines).encode()
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return import_products(wish=Wish(path=path), now=timezone.now()).as_json()

    return load


@pytest.mark.parametrize("name", ["export.jsonl", "export.jsonl.gz", "EXPORT.NDJSON"])
def test_a_line_becomes_a_product_on_sale(load, name):
    report = load(PHONE, name=name)

    product = Product.objects.get()
    assert (report["created"], report["errors"]) == (1, [])
    assert (product.title, product.brand, product.status) == (PHONE["title"], "Panasonic", "active")
    assert product.subtitle == "DECT telephone with answering machine"
    assert product.category.url_path == "phones/cordless"
    assert product.specs == [
        ["Product colour", "Black"],
        ["Weight", "140"],
        ["Caller id", "Yes"],
        ["Other barcodes", "4006381333931"],
    ]


def test_its_numbers_and_price_are_the_variants(load):
    load(PHONE)

    variant = Variant.objects.get()
    assert (variant.barcode, variant.mpn) == ("5012345678900", "KX-TG8061/B")
    assert variant.prices.get().amount == Decimal("125.95")


@pytest.mark.parametrize(
    ("written", "amount"), [(1999, "19.99"), (19.5, "19.50"), ("19.99", "19.99"), ("£20", "20.00")]
)
def test_whole_numbers_are_coins_and_others_are_not(load, written, amount):
    load({**PHONE, "price": written})

    assert Variant.objects.get().prices.get().amount == Decimal(amount)


def test_the_same_file_again_changes_nothing(load):
    load(PHONE)

    report = load(PHONE)

    assert (report["created"], report["updated"], report["skipped"]) == (0, 0, 1)


def test_a_description_too_long_for_a_subtitle_is_kept_whole(load):
    load({**PHONE, "short_description": "<b>Loud</b> & clear. " * 20})

    product = Product.objects.get()
    assert len(product.subtitle) <= 160
    assert product.description.count("Loud") == 20


@pytest.mark.parametrize(
    "line",
    ["no json", "[1]", '{"id": "1"}', '{"title": "x"}', '{"id": 1, "title": "x", "price": -5}'],
)
def test_a_bad_line_is_reported_and_the_others_go_in(load, line):
    report = load(line, PHONE)

    assert report["created"] == 1
    assert {error["line"] for error in report["errors"]} == {1}


def test_a_file_that_breaks_off_is_reported(tmp_path):
    path = tmp_path / "export.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(PHONE).encode())[:-20])

    report = import_products(wish=Wish(path=path), now=timezone.now()).as_json()

    assert report["errors"]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileRefused):
        import_products(wish=Wish(path=tmp_path / "none.jsonl"), now=timezone.now())


def test_the_command_takes_the_format_by_name(tmp_path, capsys):
    path = tmp_path / "catalogue.txt"
    path.write_text(json.dumps(PHONE))

    call_command("import_products", str(path), format="jsonl")

    assert "created  1" in capsys.readouterr().out
