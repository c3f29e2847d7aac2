"""Rows told within another query: all of them, in their order, as they are."""

from decimal import Decimal

import pytest
from django.db.models import OuterRef, Subquery, TextField
from django.db.models.functions import Cast

from catalog.models import Product, Variant
from shop.lib.prepared import Prepared
from shop.lib.told import ToldRow, ToldRows, ToldValues, as_json, from_json
from tests.factories import ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db
OF_PRODUCT = Variant.objects.filter(product=OuterRef("pk")).order_by("-sku")


def with_variants(told):
    return Product.objects.annotate(told=ToldRows(OF_PRODUCT.values_list(told)))


def test_rows_come_in_the_order_of_their_query_with_what_they_lack():
    product = ProductFactory()
    VariantFactory(product=product, sku="A")
    VariantFactory(
        product=product, sku='B "{1,2}" \\ ü', content=Decimal("0.750"), content_unit="l"
    )

    rows = with_variants(ToldRow(sku="sku", content=Cast("content", TextField()))).get().told
    values = with_variants(ToldValues("sku", Cast("content", TextField()))).get().told

    assert rows == [
        {"sku": 'B "{1,2}" \\ ü', "content": "0.750"},
        {"sku": "A", "content": None},
    ]
    assert values == [list(row.values()) for row in rows]


def test_none_is_an_empty_list_of_rows_and_no_row():
    ProductFactory()

    assert with_variants(ToldRow(sku="sku")).get().told == []
    one = Product.objects.annotate(told=Subquery(OF_PRODUCT.values_list(ToldRow(sku="sku"))[:1]))
    assert one.get().told is None


def test_a_prepared_query_tells_the_same():
    variant = VariantFactory()
    told = Prepared(lambda pk: with_variants(as_json(Variant)).filter(pk=pk))

    (found,) = from_json(Variant, told.first(pk=variant.product_id).told)

    assert (found, found.sku) == (variant, variant.sku)
