"""WooCommerce's export: simple, variable, downloadable; grouped and external are left out."""

import pytest

from catalog.models import Category, Image, Price, Product, Variant
from inventory.models import StockItem
from tests.catalog.importing import DATA, everything, imported, sentences, written

pytestmark = pytest.mark.django_db
FILE = DATA / "woocommerce.csv"


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


@pytest.fixture
def report():
    return imported(FILE)


def test_counts_what_it_made_and_what_it_left_out(report):
    said = report.as_json()

    assert (said["created"], said["skipped"], said["products"], said["variants"]) == (4, 2, 4, 5)
    assert sentences(report.notes.errors) == [
        (10, "The product GONE it belongs to is not in the file.")
    ]
    assert [note.line for note in report.notes.all_warnings() if "left out" in note.message] == [
        8,
        9,
    ]


def test_a_second_run_changes_not_one_row(report):
    before = everything()

    again = imported(FILE).as_json()

    assert (again["created"], again["updated"], again["skipped"]) == (0, 0, 6)
    assert everything() == before


def test_variations_find_their_parent_by_sku_or_id_and_wait_for_it(report):
    variants = Variant.objects.filter(product__title="Apron").order_by("sku")

    assert [(one.sku, one.label, one.is_active) for one in variants] == [
        ("apron-ink", "Ink", True),
        ("apron-sand", "Sand", False),
    ]


def test_a_variation_far_from_its_parent_joins_it(tmp_path):
    head = "ID,Type,SKU,Name,Published,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)"
    others = [f"{n},simple,s{n},Thing {n},1,5,,," for n in range(100, 320)]
    lines = [head, "1,variable,p,Parent,1,,,,", *others, "2,variation,v,V,1,7,id:1,Colour,Red"]
    path = written(tmp_path / "far.csv", "\n".join(lines))

    said = imported(path).as_json()
    again = imported(path).as_json()

    assert Variant.objects.get(sku="v").product.title == "Parent"
    assert (said["created"], said["updated"], said["errors"]) == (221, 0, [])
    assert (again["updated"], again["skipped"]) == (0, 221)


def test_sale_prices_count_while_the_sale_lasts(report):
    prices = {price.variant.sku: price for price in Price.objects.select_related("variant")}

    assert (prices["apron-sand"].amount, prices["apron-sand"].compare_at) == (36, 45)
    assert (prices["peg"].amount, prices["peg"].compare_at) == (20, None)


def test_categories_become_a_tree(report):
    assert set(Category.objects.values_list("url_path", "name")) == {
        ("kitchen", "Kitchen"),
        ("kitchen/aprons", "Aprons"),
        ("kitchen/patterns", "Patterns"),
        ("home-hall", "Home & Hall"),
    }
    assert Product.objects.get(title="Apron").category.url_path == "kitchen/aprons"


def test_what_is_not_sent_has_a_type_that_is_not_shipped(report):
    assert not Product.objects.get(title="Sewing pattern").type.is_shipped
    assert Product.objects.get(title="Apron").type.is_shipped


def test_texts_lose_their_entities_and_written_line_breaks(report):
    apron = Product.objects.get(title="Apron")
    peg = Product.objects.get(title="Peg rail & screws")

    assert apron.subtitle == "Waxed & strong"
    assert apron.description == "Waxed cotton.\nTwo pockets."
    assert peg.slug == "peg-rail-screws"


def test_attributes_of_a_simple_product_are_its_specification(report):
    assert Product.objects.get(slug="peg-rail-screws").specs == [["Wood", "Oak"]]


def test_weight_stock_and_drafts(report):
    peg = Variant.objects.get(sku="peg")

    assert peg.grams == 450
    assert StockItem.objects.get(variant=peg).on_hand == 9
    assert not StockItem.objects.filter(variant__sku="pattern").exists()
    assert Product.objects.get(title="Draft stool").status == Product.Status.DRAFT


def test_pictures_come_once_and_show_their_variation(report):
    images = Image.objects.filter(product__title="Apron").order_by("position")

    assert [image.source_url.rpartition("/")[2] for image in images] == [
        "apron-ink.png",
        "apron-sand.png",
    ]
    assert images[0].value.name == "Ink"
