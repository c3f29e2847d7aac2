"""Shopify's export, with everything that is odd about real ones."""

from decimal import Decimal

import pytest

from catalog.models import Image, Option, Price, Product, ProductType, Variant
from inventory.models import StockItem
from shop.outbox.models import Message
from tests.catalog.importing import DATA, everything, imported, product, shopify

pytestmark = pytest.mark.django_db
FILE = DATA / "shopify.csv"


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


@pytest.fixture
def report():
    return imported(FILE)


def _skus(slug):
    return list(
        Variant.objects.filter(product__slug=slug)
        .order_by("position")
        .values_list("sku", flat=True)
    )


def test_counts_what_it_made(report):
    said = report.as_json()

    assert (said["created"], said["updated"], said["skipped"], said["errors"]) == (4, 0, 0, [])
    assert (said["products"], said["variants"], said["images"]) == (4, 6, 5)
    assert Product.objects.count() == 4
    assert Variant.objects.count() == 6
    assert Image.objects.count() == 5


def test_a_second_run_changes_not_one_row(report):
    before = everything()

    again = imported(FILE).as_json()

    assert (again["created"], again["updated"], again["skipped"]) == (0, 0, 4)
    assert (again["products"], again["variants"], again["images"]) == (4, 6, 5)
    assert everything() == before


def test_a_dry_run_says_the_same_and_changes_nothing():
    before = everything()

    said = imported(FILE, dry_run=True).as_json()

    assert (said["created"], said["variants"]) == (4, 6)
    assert everything() == before


def test_texts_are_taken_over_and_cleaned(report):
    ladle = Product.objects.get(slug="ladle-rest")

    assert ladle.brand == "Kiln Row"
    assert ladle.tags == ["Kitchen", "new"]
    assert "alert" not in ladle.description
    assert '<li>One size, 12" long</li>' in ladle.description
    assert ladle.meta_title == "Ladle rest in ash"
    assert (ladle.source, ladle.source_ref) == ("shopify", "ladle-rest")


def test_a_product_in_one_version_has_no_option(report):
    variant = Variant.objects.get(product__slug="ladle-rest")

    assert not Option.objects.filter(product__slug="ladle-rest").exists()
    assert (variant.label, variant.grams, variant.barcode) == ("", 310, "5012345678900")
    assert variant.cost == Decimal("4.10")


def test_option_names_are_folded_within_a_product(report):
    options = Option.objects.filter(product__slug="work-shirt").order_by("position")

    assert [option.name for option in options] == ["Size", "Color", "Cut"]
    assert [[value.name for value in option.values.order_by("pk")] for option in options] == [
        ["S", "M"],
        ["Navy", "Rust"],
        ["Straight"],
    ]


def test_a_blank_sku_is_made_of_handle_and_values(report):
    assert _skus("work-shirt") == ["WS-S-N", "WS-M-N", "WORK-SHIRT-M-RUST-STRAIGHT"]
    assert _skus("ladle-rest") == ["LADLE-REST"]


def test_lines_that_only_add_a_picture_add_a_picture(report):
    urls = Image.objects.filter(product__slug="ladle-rest").order_by("position")

    assert [image.source_url.rpartition("/")[2] for image in urls] == [
        "ladle.jpg",
        "ladle-side.jpg",
        "ladle%20back.jpg",
    ]
    assert urls[0].alt == "A ladle rest"


def test_a_variants_picture_shows_the_value_that_is_its_own(report):
    shown = Image.objects.filter(product__slug="work-shirt").order_by("position")

    assert [image.value.name for image in shown] == ["Navy", "Rust"]


def test_every_picture_is_owed_to_a_worker(report):
    owed = Message.objects.filter(topic="images.fetch")

    assert {message.payload["image_id"] for message in owed} == set(
        Image.objects.values_list("pk", flat=True)
    )
    assert Message.objects.filter(topic="browsing.refresh_cards").count() == 1


def test_prices_compare_at_and_price_zero(report):
    prices = {price.variant.sku: price for price in Price.objects.select_related("variant")}

    assert (prices["LADLE-REST"].amount, prices["LADLE-REST"].compare_at) == (Decimal("12.5"), 15)
    assert prices["WS-S-N"].compare_at is None
    assert prices["CARD"].amount == 0
    assert any("not above the price" in note.message for note in report.notes.all_warnings())


def test_published_products_are_for_sale_and_the_others_drafts(report):
    assert Product.objects.get(slug="ladle-rest").published_at is not None
    assert Product.objects.get(slug="winter-throw").status == Product.Status.DRAFT


def test_types_are_made_and_a_blank_one_is_general(report):
    assert set(ProductType.objects.values_list("name", flat=True)) == {
        *("Stoneware", "Clothing", "Blankets"),
        "Digital",
    }
    assert not Product.objects.get(slug="sample-card").type.is_shipped


def test_stock_is_counted_and_never_below_nothing(report):
    stock = dict(StockItem.objects.values_list("variant__sku", "on_hand"))

    assert (stock["LADLE-REST"], stock["WS-M-N"], stock["CARD"], stock["THROW"]) == (4, 0, 100, 0)


def test_columns_nobody_reads_are_named_once(report):
    named = [note for note in report.notes.all_warnings() if "ignored" in note.message]

    assert len(named) == 1
    assert "Google Shopping / MPN" in named[0].message


def test_what_changed_in_the_file_changes_here(report, tmp_path):
    text = FILE.read_bytes().replace(b"12.50", b"13.00").replace(b"Ladle rest,", b"Spoon rest,")
    (tmp_path / "changed.csv").write_bytes(text)

    said = imported(tmp_path / "changed.csv").as_json()

    ladle = Product.objects.get(slug="ladle-rest")
    assert (said["updated"], said["skipped"]) == (1, 3)
    assert ladle.title == "Spoon rest"
    assert Price.objects.get(variant__product=ladle).amount == 13


def test_publishing_later_keeps_the_first_date(report, tmp_path):
    first = Product.objects.get(slug="ladle-rest").published_at
    text = FILE.read_bytes()
    (tmp_path / "off.csv").write_bytes(text.replace(b",true,Title", b",false,Title"))

    imported(tmp_path / "off.csv")
    drafted = Product.objects.get(slug="ladle-rest").status
    imported(FILE)

    ladle = Product.objects.get(slug="ladle-rest")
    assert drafted == Product.Status.DRAFT
    assert (ladle.status, ladle.published_at) == (Product.Status.ACTIVE, first)


def test_what_staff_archived_stays_archived(report):
    Product.objects.filter(slug="ladle-rest").update(status=Product.Status.ARCHIVED)

    imported(FILE)

    assert Product.objects.get(slug="ladle-rest").status == Product.Status.ARCHIVED


def test_lines_of_a_product_may_stand_apart(tmp_path):
    path = shopify(
        tmp_path / "apart.csv",
        product("mug", **{"Option1 Name": "Size", "Option1 Value": "S"}),
        product("bowl"),
        {"Handle": "mug", "Option1 Value": "L", "Variant Price": "12"},
    )

    imported(path)
    again = imported(path).as_json()

    assert _skus("mug") == ["MUG-S", "MUG-L"]
    assert (again["updated"], again["skipped"]) == (0, 2)


def test_the_new_column_names_of_shopify_are_read_too(tmp_path):
    path = shopify(
        tmp_path / "new.csv",
        {
            "Title": "Mug", "URL handle": "mug", "Description": "Round.", "Status": "Active",
            "Published on online store": "TRUE", "SKU": "M1", "Price": "9.50",
            "Compare-at price": "11", "Inventory quantity": "3", "Option1 name": "Title",
            "Option1 value": "Default Title", "Product image URL": "https://x.example/m.png",
            "Weight value (grams)": "250",
        },
    )  # fmt: skip

    said = imported(path).as_json()

    variant = Variant.objects.get(sku="M1")
    assert (said["created"], said["images"], variant.grams) == (1, 1, 250)
    assert variant.product.status == Product.Status.ACTIVE


def test_a_slug_somebody_else_has_gets_a_number(tmp_path):
    first = imported(shopify(tmp_path / "a.csv", product("mug")))
    Product.objects.update(source="", source_ref="")

    imported(shopify(tmp_path / "b.csv", product("mug", **{"Variant SKU": "OTHER"})))

    assert first.as_json()["created"] == 1
    assert set(Product.objects.values_list("slug", flat=True)) == {"mug", "mug-2"}


def test_new_products_go_into_a_category_when_one_is_named(tmp_path, market):
    from tests.factories import CategoryFactory

    category = CategoryFactory()

    imported(shopify(tmp_path / "a.csv", product("mug")), category=category.url_path)

    assert Product.objects.get().category == category


def test_letters_of_any_script_get_an_address(tmp_path):
    imported(shopify(tmp_path / "a.csv", product("茶碗", Title="茶碗"), product("Größe 1")))

    assert sorted(Product.objects.values_list("slug", flat=True)) == ["chawan", "grosse-1"]
