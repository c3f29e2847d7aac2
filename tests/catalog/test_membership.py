"""Where products belong, for promotions and price lists."""

import pytest

from catalog.models import (
    Attribute,
    AttributeChoice,
    AttributeValue,
    Category,
    Collection,
    CollectionEntry,
)
from catalog.queries.membership import Membership, memberships
from tests.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


def test_a_product_is_in_its_category_and_in_all_above():
    cups = CategoryFactory(name="Cups")
    tea = Category.objects.add_child(cups, {"name": "Tea", "slug": "tea", "url_path": "cups/tea"})
    small = Category.objects.add_child(
        tea, {"name": "Small", "slug": "small", "url_path": "cups/tea/small"}
    )
    Category.objects.add_child(
        tea, {"name": "Large", "slug": "large", "url_path": "cups/tea/large"}
    )
    product = ProductFactory(category=small)

    found = memberships([product.pk])

    assert found[product.pk].categories == {cups.pk, tea.pk, small.pk}


def test_collections_and_answers_are_told():
    product = ProductFactory()
    collection = Collection.objects.create(title="Gifts", slug="gifts", is_active=False)
    CollectionEntry.objects.create(collection=collection, product=product)
    glaze = Attribute.objects.create(code="glaze", name="Glaze", kind="choice")
    ash = AttributeChoice.objects.create(attribute=glaze, name="Ash")
    AttributeValue.objects.create(product=product, attribute=glaze, choice=ash)

    found = memberships([product.pk])[product.pk]

    assert (found.collections, found.choices) == ({collection.pk}, {ash.pk})


def test_every_product_asked_for_is_in_the_answer():
    product = ProductFactory(category=None)

    assert memberships([product.pk, 999]) == {product.pk: Membership(), 999: Membership()}
    assert memberships([]) == {}


def test_eight_products_cost_as_many_queries_as_one(django_assert_num_queries):
    products = [ProductFactory().pk for _n in range(8)]

    memberships(products[:1])  # the tree of categories is kept from here on

    with django_assert_num_queries(2):
        memberships(products[:1])
    with django_assert_num_queries(2):
        memberships(products)
