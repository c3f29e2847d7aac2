"""Many rows by COPY are the rows that Django would have written."""

import pytest
from django.db import IntegrityError, transaction

from catalog.models import Image, Option, OptionValue, Product, Variant
from shop.lib.pouring import pour
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
ODD = 'tab\there, line\nthere, \\N, \\., "quotes" and ünder'
# What no two rows share.
OWN = {"id", "sku", "slug", "label", "product_id", "created_at", "updated_at"}


def variants(name, count=3, **fields):
    product = fields.pop("product", None) or ProductFactory(title="Mug")
    return [
        Variant(product=product, sku=f"{name}-{number}", label=f"{number}", **fields)
        for number in range(count)
    ]


def as_stored(row):
    (found,) = type(row).objects.filter(pk=row.pk).values()
    return {key: value for key, value in found.items() if key not in OWN}


def test_rows_are_as_django_writes_them():
    by_django = Variant.objects.bulk_create(variants("a", grams=250, mpn=ODD))
    poured = pour(variants("b", grams=250, mpn=ODD))

    assert [as_stored(one) for one in poured] == [as_stored(one) for one in by_django]


def test_so_are_rows_with_json_and_lists():
    one = ProductFactory(title="Mug", specs=[{"name": ODD, "value": None}], tags=["ash", ODD])
    twin = Product.objects.get(pk=one.pk)
    twin.pk, twin.slug = None, "twin"

    pour([twin])

    assert as_stored(twin) == as_stored(one)
    assert as_stored(twin)["tags"] == ["ash", ODD]


def test_what_the_database_refuses_is_told_as_django_tells_it():
    (first, second) = variants("a", 2)
    second.sku = first.sku

    with pytest.raises(IntegrityError), transaction.atomic():
        pour([first, second])


def test_rows_know_their_keys_in_order():
    rows = pour(variants("a", 5))

    stored = Variant.objects.filter(product=rows[0].product).order_by("pk")
    assert [one.sku for one in stored] == [one.sku for one in rows]
    assert [one.pk for one in stored] == [one.pk for one in rows]


def test_rows_may_point_at_rows_that_were_poured_before():
    option = Option(product=ProductFactory(), name="Colour", position=0)
    value = OptionValue(option=option, name="Ash", position=0)

    pour([option])
    pour([value])

    assert OptionValue.objects.get().option_id == option.pk


def test_a_row_that_was_poured_can_be_saved_again():
    (row,) = pour(variants("a", 1))
    row.label = "Ash"
    row.save()

    assert Variant.objects.filter(product=row.product).get().label == "Ash"


def test_a_row_that_points_at_nothing_stored_is_refused():
    with pytest.raises(ValueError, match="unsaved"):
        pour([Image(product=Product(title="Mug"))])


def test_two_questions_however_many(django_assert_num_queries):
    rows = variants("a", 300)
    with django_assert_num_queries(2):
        pour(rows)
    with django_assert_num_queries(0):
        assert pour([]) == []
