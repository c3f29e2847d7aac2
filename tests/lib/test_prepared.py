"""Queries whose SQL is made once: the same rows as Django's own, whatever values are filled in."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import Count, F, Q, Value
from django.utils import timezone

from catalog.models import Product, Variant
from shop.lib.prepared import CannotPrepare, Prepared
from tests.factories import ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_finds_what_the_query_finds_with_every_value() -> None:
    query = Prepared(lambda slug, now: Product.objects.filter(slug=slug, published_at__lt=now))
    mug, bowl = ProductFactory(slug="mug"), ProductFactory(slug="bowl")
    later = timezone.now() + dt.timedelta(days=1)

    assert query.rows(slug="mug", now=later) == [mug]
    assert query.first(slug="bowl", now=later) == bowl
    assert query.first(slug="mug", now=later - dt.timedelta(days=9000)) is None


def test_builds_rows_with_what_is_joined_and_annotated() -> None:
    query = Prepared(
        lambda pk: Product.objects.filter(pk=pk).select_related("type").annotate(sold=Value("50%"))
    )
    product = ProductFactory()

    found = query.first(pk=product.pk)

    assert (found, found.type, found.sold) == (product, product.type, "50%")
    assert not found._state.adding


def test_asks_once_and_builds_once(django_assert_num_queries) -> None:
    built = []

    def build(pk: int):
        built.append(pk)
        return Variant.objects.filter(product=pk).values_list("sku", flat=True)

    query, variants = Prepared(build), [VariantFactory(), VariantFactory(), VariantFactory()]
    with django_assert_num_queries(3):
        found = [query.rows(pk=one.product_id) for one in variants]

    assert found == [[one.sku] for one in variants]
    assert len(built) == 2  # made with two sets of stand-ins, which are compared


def test_takes_lists_of_any_length() -> None:
    query = Prepared(
        lambda ids, sku: Variant.objects.filter(Q(pk__in=ids) & ~Q(sku=sku)).order_by("pk")
    )
    one, other = VariantFactory(), VariantFactory()

    assert query.rows(ids=[], sku="") == []
    assert query.rows(ids=[one.pk, other.pk], sku=other.sku) == [one]
    assert query.rows(ids=[one.pk, other.pk, 10**12], sku="none") == [one, other]


def test_keeps_a_plan_for_what_is_none() -> None:
    query = Prepared(lambda brand: Product.objects.filter(Q() if brand is None else Q(brand=brand)))
    plain, named = ProductFactory(brand=""), ProductFactory(brand="Potter")

    assert set(query.rows(brand=None)) == {plain, named}
    assert query.rows(brand="Potter") == [named]


def test_unites_queries() -> None:
    def build(slug: str):
        named = Product.objects.filter(slug=slug).annotate(n=Value(1))
        others = Product.objects.exclude(slug=slug).annotate(n=Value(2))
        return named.values_list("n", "slug").union(others.values_list("n", "slug"), all=True)

    ProductFactory(slug="mug"), ProductFactory(slug="bowl")

    assert sorted(Prepared(build).rows(slug="bowl")) == [(1, "bowl"), (2, "mug")]


@pytest.mark.parametrize(
    "build",
    [
        lambda now: Product.objects.filter(published_at__date=now.date()),
        lambda now: Product.objects.filter(title__contains=str(now.year)),
        lambda now: Product.objects.order_by("pk" if now.year % 2 else "title"),
        lambda now: Product.objects.annotate(n=Count("pk")).filter(n__gt=F("pk")),
    ],
)
def test_refuses_what_depends_on_a_value_in_another_way(build) -> None:
    with pytest.raises(CannotPrepare):
        Prepared(build).rows(now=NOW)


def test_is_kept_by_the_database_where_the_connection_lets_it() -> None:
    query = Prepared(lambda slug: Product.objects.filter(slug=slug).values_list("title"))
    query.rows(slug="mug")
    connection.connection.prepare_threshold = 1
    try:
        query.rows(slug="mug"), query.rows(slug="bowl")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%slug%'"
            )
            kept = cursor.fetchone()
    finally:
        connection.connection.prepare_threshold = None

    assert kept == (1,)
