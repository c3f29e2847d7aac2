"""What can't be read is told by line, in plain words, and the good lines go in."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.models import Image, Price, Product, Variant
from inventory.models import StockItem, StockMovement
from shop.lib.csvfiles import FileRefused
from tests.catalog.importing import DATA, everything, imported, product, sentences, shopify, written
from tests.factories import VariantFactory

pytestmark = pytest.mark.django_db
SIZE = {"Option1 Name": "Size"}


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


def _only_error(report):
    [(line, message)] = sentences(report.notes.errors)
    return line, message


def test_a_repeated_sku_names_the_line_of_the_first(tmp_path):
    path = shopify(
        tmp_path / "a.csv",
        product("mug", **{"Variant SKU": "A-1"}),
        product("bowl", **SIZE, **{"Option1 Value": "S", "Variant SKU": "a-1"}),
        {"Handle": "bowl", "Option1 Value": "L", "Variant SKU": "A-2", "Variant Price": "3"},
    )

    report = imported(path)

    assert _only_error(report) == (3, "The SKU a-1 is already in line 2.")
    assert set(Variant.objects.values_list("sku", flat=True)) == {"A-1", "A-2"}


def test_a_sku_of_another_product_in_the_shop_is_refused(tmp_path):
    VariantFactory(sku="TAKEN", product__title="Our jug")

    report = imported(shopify(tmp_path / "a.csv", product("mug", **{"Variant SKU": "taken"})))

    assert sentences(report.notes.errors) == [
        (2, "The SKU taken belongs to “Our jug” already."),
        (2, "“mug” was left out: no line of it can be sold."),
    ]


def test_a_repeated_choice_names_the_line_of_the_first(tmp_path):
    path = shopify(
        tmp_path / "a.csv",
        product("mug", **SIZE, **{"Option1 Value": "Large"}),
        {"Handle": "mug", "Option1 Value": "LARGE", "Variant Price": "12"},
    )

    assert _only_error(imported(path)) == (3, "The choice “LARGE” is already in line 2.")


@pytest.mark.parametrize(
    ("price", "sentence"),
    [
        ("", "There is no price."),
        ("cheap", "“cheap” is not a price; write it as 12.50."),
        ("NaN", "“NaN” is not a price; write it as 12.50."),
        ("Infinity", "“Infinity” is not a price; write it as 12.50."),
        ("1e9", "“1e9” is not a price; write it as 12.50."),
        ("1,299", "“1,299” is not a price; write it as 12.50."),
        ("999999999999", "“999999999999” is not a price; write it as 12.50."),
        ("-3.00", "The price -3.00 is below zero."),
    ],
)
def test_a_price_that_is_none_is_an_error_of_its_line(tmp_path, price, sentence):
    path = shopify(
        tmp_path / "a.csv",
        product("mug", **SIZE, **{"Option1 Value": "S"}),
        {"Handle": "mug", "Option1 Value": "L", "Variant Price": price, "Variant SKU": "L"},
    )

    assert _only_error(imported(path)) == (3, sentence)
    assert Variant.objects.count() == 1


@pytest.mark.parametrize(
    ("written_as", "amount"),
    [
        ("£12.5", "12.50"),
        ("1,299.00", "1299.00"),
        ("1.299,50 €", "1299.50"),
        ("12,5", "12.50"),
        ("10.999", "11.00"),
    ],
)
def test_prices_are_read_as_people_write_them(tmp_path, written_as, amount):
    imported(shopify(tmp_path / "a.csv", product("mug", **{"Variant Price": written_as})))

    assert f"{Price.objects.get().amount:.2f}" == amount


def test_a_product_without_title_is_left_out_and_the_next_goes_in(tmp_path):
    path = shopify(tmp_path / "a.csv", product("mug", Title=""), product("bowl"))

    assert _only_error(imported(path)) == (2, "The first line of a product needs a title.")
    assert Product.objects.get().slug == "bowl"


def test_line_numbers_count_the_line_breaks_inside_quotes(tmp_path):
    path = shopify(
        tmp_path / "a.csv",
        product("mug", **{"Body (HTML)": "one\ntwo\r\nthree"}),
        product("bowl", **{"Variant Price": "?"}),
    )

    assert imported(path).notes.errors[0].line == 5


def test_a_quote_that_never_closes_costs_its_own_lines_only(tmp_path):
    text = 'Handle,Title,Option1 Name,Variant Price\na,A,,1\nb,"B" x,,2\nc,C,,3\n'

    report = imported(written(tmp_path / "a.csv", text))

    assert _only_error(report) == (3, "A quote is out of place in this line.")
    assert set(Product.objects.values_list("slug", flat=True)) == {"a", "c"}


def test_a_line_with_more_cells_than_columns_is_an_error(tmp_path):
    text = "Handle,Title,Option1 Name,Variant Price\na,Mug, round,,,12\nb,Bowl,,2\n"

    report = imported(written(tmp_path / "a.csv", text))

    assert report.notes.errors[0].line == 2
    assert "6 cells under 4 columns" in report.notes.errors[0].message


@pytest.mark.parametrize(
    "url",
    ["ftp://x.example/a.png", "javascript:alert(1)", "picture.png", "https://", "http://[::1"],
)
def test_a_picture_that_cannot_be_fetched_is_an_error_but_the_product_goes_in(tmp_path, url):
    report = imported(shopify(tmp_path / "a.csv", product("mug", **{"Image Src": url})))

    assert _only_error(report)[0] == 2
    assert Product.objects.count() == 1
    assert not Image.objects.exists()


def test_texts_that_are_too_long_are_cut_and_it_is_said(tmp_path):
    report = imported(shopify(tmp_path / "a.csv", product("mug", Title="x" * 300)))

    assert len(Product.objects.get().title) == 200
    assert (2, "title: cut to 200 letters.") in sentences(report.notes.all_warnings())


def test_a_cell_that_looks_like_a_formula_is_text(tmp_path):
    imported(shopify(tmp_path / "a.csv", product("mug", Title='=HYPERLINK("http://x")')))

    assert Product.objects.get().title == '=HYPERLINK("http://x")'


def test_stock_below_what_is_promised_stays_and_is_told(tmp_path):
    path = shopify(tmp_path / "a.csv", product("mug", **{"Variant Inventory Qty": "5"}))
    imported(path)
    StockItem.objects.update(allocated=4)
    path = shopify(tmp_path / "a.csv", product("mug", **{"Variant Inventory Qty": "2"}))

    report = imported(path)

    assert "4 units are promised" in _only_error(report)[1]
    assert StockItem.objects.get().on_hand == 5


def test_what_was_sold_since_stays_sold_when_the_same_file_comes_again(tmp_path):
    path = shopify(tmp_path / "a.csv", product("mug", **{"Variant Inventory Qty": "5"}))
    imported(path)
    StockItem.objects.update(on_hand=3)
    before = everything()

    imported(path)

    assert StockItem.objects.get().on_hand == 3
    assert everything() == before


def test_a_new_figure_in_the_file_is_a_new_count(tmp_path):
    imported(shopify(tmp_path / "a.csv", product("mug", **{"Variant Inventory Qty": "5"})))
    StockItem.objects.update(on_hand=3)

    said = imported(shopify(tmp_path / "a.csv", product("mug", **{"Variant Inventory Qty": "9"})))

    assert StockItem.objects.get().on_hand == 9
    assert said.as_json()["updated"] == 1
    assert [m.on_hand_change for m in StockMovement.objects.order_by("pk")] == [5, 6]


def test_a_choice_that_another_sku_has_here_is_refused(tmp_path):
    imported(
        shopify(
            tmp_path / "a.csv", product("mug", **SIZE, **{"Option1 Value": "S", "Variant SKU": "A"})
        )
    )
    VariantFactory(product=Product.objects.get(), sku="B", label="M")
    path = shopify(
        tmp_path / "b.csv", product("mug", **SIZE, **{"Option1 Value": "M", "Variant SKU": "A"})
    )

    assert _only_error(imported(path)) == (2, "The choice “M” belongs to the SKU B here.")
    assert Variant.objects.get(sku="A").label == "S"


def test_what_the_database_refuses_costs_one_product_only(tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("alter table catalog_product add check (title <> 'Refused')")
    path = shopify(tmp_path / "a.csv", product("a"), product("b", Title="Refused"), product("c"))

    report = imported(path)

    assert _only_error(report) == (
        3,
        "“b” could not be saved: it contradicts what is in the shop.",
    )
    assert set(Product.objects.values_list("slug", flat=True)) == {"a", "c"}
    assert report.as_json()["created"] == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\n\n", "The file is empty"),
        (b"PK\x03\x04rest", "This is an Excel workbook"),
        (b"name,colour\na,b\n", "This is no product file we know"),
        ("Handle,Title,Option1 Name\ngröße,x,\n".encode() + b"b\xff,y,\n", "Line 3 is damaged"),
        (b"Handle,Title\n\x81\x8d,x\n", "The encoding of line 2 is unknown"),
        (b"\x00\x01\x02", "This is not a text file"),
    ],
)
def test_what_cannot_be_read_at_all_is_one_sentence(tmp_path, content, sentence):
    (tmp_path / "a.csv").write_bytes(content)

    with pytest.raises(FileRefused) as refusal:
        imported(tmp_path / "a.csv")

    assert refusal.value.message.startswith(sentence)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_common_encoding_is_read_and_said(tmp_path, encoding):
    path = shopify(tmp_path / "a.csv", product("mug", Title="Größe – fünf"), encoding=encoding)

    report = imported(path)

    assert Product.objects.get().title == "Größe – fünf"
    assert any("read as" in note.message for note in report.notes.all_warnings()) == (
        encoding in ("utf-16", "cp1252")
    )


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_understood(tmp_path, delimiter):
    text = "Handle,Title,Option1 Name,Variant Price\na,A,,1.50\n".replace(",", delimiter)

    imported(written(tmp_path / "a.csv", text))

    assert Product.objects.get().slug == "a"


def test_the_command_answers_in_json_and_fails_only_when_nothing_was_read(tmp_path, capsys):
    call_command("import_products", str(DATA / "shopify.csv"), "--json", "--dry-run")
    assert '"created": 4' in capsys.readouterr().out

    with pytest.raises(CommandError, match="can't be read: No such file"):
        call_command("import_products", str(tmp_path / "none.csv"))


def test_the_command_tells_errors_by_line(tmp_path, capsys):
    path = shopify(tmp_path / "a.csv", product("mug"), product("bowl", **{"Variant Price": "x"}))

    call_command("import_products", str(path))

    assert "line 3: “x” is not a price; write it as 12.50." in capsys.readouterr().out


def test_a_file_without_one_good_line_ends_with_status_1(tmp_path):
    path = shopify(tmp_path / "a.csv", product("mug", **{"Variant Price": "x"}))

    with pytest.raises(SystemExit) as end:
        call_command("import_products", str(path))

    assert end.value.code == 1
