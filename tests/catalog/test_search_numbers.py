"""Search: SKUs, barcodes and part numbers are found exactly, however they are written."""

import pytest

from catalog.queries import search
from catalog.queries.search_text import is_gtin, squeezed
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def market(demo_market):
    product = product_with(
        title="Cordless phone", slug="phone", brand="Panasonic", specs=[["EANs", "4006381333931"]]
    )
    product.variants.update(sku="TEL-0815", barcode="5012345678900", mpn="KX-TG 8061/B")
    product_with(title="Ink", slug="ink-1").variants.update(mpn="Nr. 80")
    product_with(title="More ink", slug="ink-2").variants.update(mpn="NR80")
    shelve()
    return demo_market


@pytest.mark.parametrize(
    "number",
    [
        "TEL-0815", "tel0815", "tel 0815", "5012345678900", "05012345678900", "5012345-678900",
        "KX-TG 8061/B", "kxtg8061b", "kx tg 8061 b", "4006381333931",
    ],
)  # fmt: skip
def test_a_number_leads_to_its_product(client, number):
    response = client.get("/search/", {"q": number})

    assert response.url.startswith("/p/phone/")


def test_a_barcode_chooses_the_variant(client):
    assert client.get("/search/", {"q": "5012345678900"}).url == "/p/phone/?v=TEL-0815"


def test_a_number_of_two_products_shows_both(client):
    context = client.get("/search/", {"q": "nr-80"}).context

    assert {card.url for card in context["listing"].cards} == {"/p/ink-1/", "/p/ink-2/"}


def test_a_brand_and_a_part_number_name_the_product_first(market):
    product_with(title="Panasonic KX TG 8061 B handset cradle", slug="cradle", popularity=900)
    shelve()

    cards = search.find("panasonic kx-tg 8061/b", market).cards.order_by("rank")

    assert cards.first().slug == "phone"


def test_a_word_that_is_also_a_number_of_something_stays_a_word(client):
    product_with(title="Phone case", slug="case").variants.update(mpn="PHONE")
    shelve()

    found = client.get("/search/", {"q": "phone"}).context["listing"]

    assert found.total == 2


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [("4006381333931", True), ("4006381333932", False), ("12345", False), ("96385074", True)],
)
def test_barcodes_are_told_by_their_check_digit(digits, is_one):
    assert is_gtin(digits) is is_one


@pytest.mark.parametrize("written", ["00123456789012", "0123456789012", "123456789012"])
def test_leading_zeros_of_barcodes_do_not_matter(written):
    assert squeezed(written) == "123456789012"
