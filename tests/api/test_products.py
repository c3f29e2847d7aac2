from decimal import Decimal
from typing import get_args

import pytest

from catalog.models import Product
from shop.api.products import Status
from tests.factories import MarketFactory, PriceFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db


def test_tells_a_product_with_variants_and_prices(calling):
    variant = VariantFactory(sku="MUG-ASH", price=Decimal("22.00"))
    PriceFactory(variant=variant, market=MarketFactory(eu=True), amount=Decimal("26.50"))

    answer = calling("products:read").get(f"/products/{variant.product_id}")

    assert answer.status_code == 200
    told = answer.json()
    assert (told["id"], told["type"], told["category"]) == (variant.product_id, "stoneware", "mugs")
    (only,) = told["variants"]
    assert only["sku"] == "MUG-ASH"
    prices = [(one["market"], one["currency"], Decimal(one["current"])) for one in only["prices"]]
    assert prices == [("uk", "GBP", Decimal("22.00")), ("eu", "EUR", Decimal("26.50"))]


def test_knows_the_states_of_products():
    assert get_args(Status) == tuple(Product.Status.values)


def test_says_nothing_of_what_goods_cost_the_shop(calling):
    variant = VariantFactory(cost=Decimal("7.77"))

    answer = calling().get(f"/products/{variant.product_id}")

    assert b"7.77" not in answer.content


def test_lists_all_products_page_by_page_and_each_once(calling):
    products = [ProductFactory().pk for _number in range(5)]
    caller, seen, cursor = calling(), [], ""

    while cursor is not None:
        page = caller.get(f"/products?limit=2&cursor={cursor}").json()
        seen += [one["id"] for one in page["data"]]
        cursor = page["next"]

    assert seen == products


def test_asks_the_database_as_often_for_many_products_as_for_one(
    calling, django_assert_max_num_queries
):
    caller = calling()
    for _number in range(4):
        VariantFactory()

    with django_assert_max_num_queries(7):
        caller.get("/products")


@pytest.mark.parametrize(
    "query", ["sku=mug-ash", "status=draft", "changed_since=2999-01-01T00:00Z"]
)
def test_finds_products_by_what_is_asked(calling, query):
    mug = VariantFactory(sku="MUG-ASH", product__status="draft").product
    VariantFactory(product__status="active")

    page = calling().get(f"/products?{query}").json()

    found = [one["id"] for one in page["data"]]
    assert found == ([] if query.startswith("changed") else [mug.pk])


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("limit=0", "query.limit"),
        ("limit=many", "query.limit"),
        ("cursor=zzz", "query.cursor"),
        ("cursor=%C3%A9", "query.cursor"),
        ("status=sold", "query.status"),
        ("changed_since=2026-01-01T00:00:00", "query.changed_since"),
        ("sku=%01", "query.sku"),
        ("sku=%00", "query.sku"),
    ],
)
def test_says_which_part_of_a_question_it_did_not_understand(calling, query, where):
    answer = calling().get(f"/products?{query}")

    assert answer.status_code == 422
    assert [fault["where"] for fault in answer.json()["errors"]] == [where]
