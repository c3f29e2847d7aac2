"""The shop's own format: out and in again, and nothing has changed."""

import csv

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.models import Image, Product, Variant
from inventory.models import StockItem
from shop.lib.csvfiles import guard, unguard
from tests.catalog.importing import DATA, everything, imported, sentences, written
from tests.factories import (
    ImageFactory,
    MarketFactory,
    PriceFactory,
    ProductFactory,
    ProductTypeFactory,
    VariantFactory,
    in_stock,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


def _exported(path):
    call_command("export_products", str(path))
    return path


def _rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _shop():
    imported(DATA / "shopify.csv")
    imported(DATA / "woocommerce.csv")
    ours = ProductFactory(
        title="=1+1 mug",
        description="<p>Line one</p>\n<p>“Two”, – three</p>",
        tags=["a, b", "new"],
        specs=[["Height", "9.8 cm"]],
        care="@home",
        brand="'=quoted",
        type=ProductTypeFactory(code="odd-code", name="Tea", tax_class__code="zero"),
    )
    variant = VariantFactory(product=ours, label="", sku="-DASH", barcode="012345")
    ImageFactory(product=ours)
    ImageFactory(product=ours, alt="\tTabbed", position=2)
    in_stock(7, variant=variant)
    ProductFactory(type=ProductTypeFactory(code="black-tea", name="Tea"))
    ProductFactory(title="Nothing to sell yet", status=Product.Status.IDEA, published_at=None)
    return ours


def test_out_and_in_again_changes_not_one_row(tmp_path):
    _shop()
    path = _exported(tmp_path / "out.csv")
    before = everything()

    said = imported(path).as_json()

    assert (said["created"], said["updated"], said["skipped"]) == (0, 0, 11)
    assert (said["errors"], said["warnings"]) == ([], [])
    assert everything() == before


def test_cells_that_look_like_formulas_are_guarded(tmp_path):
    ours = _shop()

    rows = _rows(_exported(tmp_path / "out.csv"))

    cells = next(row for row in rows if row["slug"] == ours.slug)
    assert (cells["title"], cells["care"], cells["sku"]) == ("'=1+1 mug", "'@home", "'-DASH")
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t") for row in rows for cell in row.values())


@pytest.mark.parametrize(
    "cell", ["=1", "+1", "-1", "@a", "\ta", "\ra", "'=1", "''-1", "'a", "'", "a=1", "", "2-1"]
)
def test_a_guard_is_taken_off_exactly(cell):
    assert unguard(guard(cell)) == cell


def test_a_shop_can_be_made_of_another_shops_file(tmp_path):
    _shop()
    path = _exported(tmp_path / "out.csv")
    for model in (StockItem, Image, Variant, Product):
        _empty(model)

    said = imported(path).as_json()

    assert (said["created"], said["errors"]) == (11, [])
    assert Product.objects.get(title="=1+1 mug").tags == ["a, b", "new"]
    assert [row for row in _rows(_exported(tmp_path / "again.csv")) if "picture" not in row] == [
        row for row in _rows(path) if "picture" not in row
    ]


def _empty(model):
    # Movements are never deleted row by row.
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("truncate inventory_stockmovement cascade")
        cursor.execute("set constraints all deferred")
    model.objects.all().delete()


def test_prices_of_another_market_are_written_and_read(tmp_path, market):
    eu = MarketFactory(eu=True)
    variant = VariantFactory(sku="MUG")
    PriceFactory(variant=variant, market=eu, amount="30.00")
    path = tmp_path / "eu.csv"
    call_command("export_products", str(path), "--market", "eu")
    path.write_text(path.read_text().replace("30.000", "31.000"))

    said = imported(path, market="eu").as_json()

    assert said["updated"] == 1
    assert variant.prices.get(market=eu).amount == 31
    assert variant.prices.get(market=market).amount == 22


def test_only_the_columns_in_the_file_are_changed(tmp_path):
    variant = VariantFactory(sku="MUG", barcode="123")
    product = variant.product
    text = f"slug,title,sku,price\n{product.slug},New name,MUG,25\n"

    imported(written(tmp_path / "a.csv", text))

    variant.refresh_from_db()
    product.refresh_from_db()
    assert (product.title, variant.barcode) == ("New name", "123")
    assert variant.prices.get().amount == 25


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ("mug,Mug,M,1,gone,,", "There is no status “gone”."),
        ("a/b,Mug,M,1,draft,,", "“a/b” can't be part of an address."),
        (
            "mug,Mug,M,1,draft,tomorrow,",
            "“tomorrow” is not a moment such as 2026-03-01T09:00:00+00:00.",
        ),
        ("mug,Mug,M,1,draft,,{1}", 'The specification is not written as [["Height", "9.8 cm"]].'),
    ],
)
def test_what_cannot_be_read_is_told_by_line(tmp_path, cells, sentence):
    head = "slug,title,sku,price,status,on sale from,specification"

    report = imported(written(tmp_path / "a.csv", f"{head}\n{cells}\n"))

    assert sentences(report.notes.errors) == [(2, sentence)]


def test_a_market_nobody_knows_is_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="There is no market"):
        call_command("export_products", str(tmp_path / "a.csv"), "--market", "mars")
