"""Files that come in and go out: hostile ones, and the shop's own."""

import csv
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from catalog.models import (
    ImportRun,
    Product,
    Variant,
)
from shop.processes import round_trip
from tests.exported import without_mark
from tests.factories import (
    MarketFactory,
    ProductFactory,
    VariantFactory,
)
from tests.staff.round_trip.lists import (
    LIST,
    RUNS,
    outcomes,
    text_of,
    workbook_of,
)

pytestmark = pytest.mark.django_db


# Files


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("list.pdf", b"%PDF-1.7"), "Bring a CSV or XLSX file"),
        (SimpleUploadedFile("list.xlsx", b"sku,title\nA,B"), "no workbook"),
        (SimpleUploadedFile("list.csv", b"PK\x03\x04sku"), "Excel workbook"),
        (SimpleUploadedFile("list.csv", b"sku\x00,title"), "not a text file"),
        (SimpleUploadedFile("list.csv", b"sku\n\x81\x8d\xff\x9d"), "encoding"),
        (SimpleUploadedFile("list.csv", b""), "empty"),
        (SimpleUploadedFile("list.csv", b"sku" + b",x" * 300), "more than 250 columns"),
    ],
)
def test_files_that_are_no_tables_are_refused_in_words(sign_in, demo_market, upload, words):
    answer = sign_in("catalogue").post(f"{RUNS}add/", {"file": upload})

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not ImportRun.objects.exists()


def parts(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return SimpleUploadedFile("list.xlsx", content.getvalue())


BOMB = b"\x00" * (130 * 1024 * 1024)
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ({"xl__workbook_dot_xml": b"<x/>", "xl__worksheets__sheet1_dot_xml": BOMB}, "unpacks"),
        ({"xl__workbook_dot_xml": ENTITIES}, "declarations"),
        ({"xl__workbook_dot_xml": b"<x/>", "xl__vbaProject_dot_bin": b"x"}, "macros"),
        ({"word__document_dot_xml": b"<x/>"}, "no workbook"),
        ({"xl__workbook_dot_xml": b"<broken"}, "no workbook"),
    ],
)
def test_hostile_workbooks_are_refused_in_words(sign_in, demo_market, inside, words):
    answer = sign_in("catalogue").post(f"{RUNS}add/", {"file": parts(**inside)})

    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_a_file_with_too_many_rows_fails_in_words(check, mug, monkeypatch):
    monkeypatch.setattr(round_trip.checking.files, "MAX_ROWS", 2)

    run = check(text_of("sku", "MUG-1", "MUG-2", "MUG-3"))

    assert (run.status, run.problem) == (
        "failed",
        "The file has more than 2 rows; bring it in parts.",
    )


def test_a_workbook_is_read_like_a_list(apply, mug):
    run = apply(
        workbook_of(["sku", "price:uk", "weight_g", "for_sale"], ["MUG-1", 24.5, 400, True])
    )

    variant = Variant.objects.get(sku="MUG-1")
    assert outcomes(run) == ["updated"]
    assert (variant.prices.get().amount, variant.grams) == (Decimal("24.500"), 400)


def test_a_file_without_a_sku_column_says_so(check, mug):
    run = check(text_of("title,price:uk", "Mug,3"))

    assert run.status == "failed"
    assert "no column “sku”" in run.problem


# Going out


def exported(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_what_goes_out_comes_back_as_the_same(sign_in, check, mug):
    MarketFactory(eu=True)
    Product.objects.update(title="=1+1", brand="+Weft", description="<p>@ home</p>")
    content = exported(sign_in("catalogue"), f"{LIST}export/csv/")

    rows = list(csv.DictReader(io.StringIO(without_mark(content.decode("utf-8-sig")))))
    assert [row["sku"] for row in rows] == ["MUG-1", "MUG-2"]
    assert (rows[0]["title"], rows[0]["brand"]) == ("'=1+1", "'+Weft")
    run = check(SimpleUploadedFile("back.csv", content))
    assert outcomes(run) == ["skipped", "skipped"], [row.after for row in run.rows.all()]


def test_a_workbook_goes_out_with_numbers_and_without_formulas(sign_in, check, mug, tmp_path):
    Product.objects.update(title="=HYPERLINK(1)", tags=["-x"])
    content = exported(sign_in("catalogue"), f"{LIST}export/xlsx/")

    path = Path(tmp_path / "out.xlsx")
    path.write_bytes(content)
    page = load_workbook(path).active
    cells = {cell.value: column for column, cell in enumerate(next(page.iter_rows()), 1)}
    title = page.cell(2, cells["title"])
    assert (title.value, title.data_type) == ("'=HYPERLINK(1)", "s")
    assert page.cell(2, cells["price:uk"]).value == 22
    run = check(SimpleUploadedFile("back.xlsx", content))
    assert outcomes(run) == ["skipped", "skipped"], [row.after for row in run.rows.all()]


def test_a_list_goes_out_as_it_is_filtered(sign_in, mug):
    VariantFactory(product=ProductFactory(title="Teapot", status="draft"), sku="POT-1")

    content = exported(sign_in("catalogue"), f"{LIST}export/csv/?status__exact=draft")

    rows = list(csv.DictReader(io.StringIO(without_mark(content.decode("utf-8-sig")))))
    assert [row["sku"] for row in rows] == ["POT-1"]


def test_what_a_thing_costs_us_goes_out_to_those_who_may_change_it(sign_in, mug):
    Variant.objects.update(cost=Decimal("7.5"))

    for role, sees in (("catalogue", True), ("support", False)):
        content = exported(sign_in(role), f"{LIST}export/csv/").decode("utf-8-sig")
        assert ("cost" in content.splitlines()[0].split(",")) is sees
