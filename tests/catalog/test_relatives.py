"""What a product shares with others is kept, and never old."""

import pytest

from catalog.models import Category, Product, ProductType
from catalog.queries.relatives import introduce
from shop.lib import rulebook
from tests.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    return ProductFactory(category=CategoryFactory(name="Mugs"))


def met(product):
    """The product as a page meets it, in a moment of its own."""
    with rulebook.one_moment(is_new=True):
        return introduce(Product.objects.get(pk=product.pk))


def test_once_they_are_known_no_relative_is_asked_for(mug, django_assert_num_queries):
    met(mug)

    with django_assert_num_queries(2):  # the product, and whether what is kept still holds
        again = met(mug)
        assert (again.category.name, again.type) == ("Mugs", mug.type)


def test_a_shelf_that_was_renamed_has_its_new_name(mug):
    met(mug)
    Category.objects.filter(pk=mug.category_id).update(name="Cups")

    assert met(mug).category.name == "Cups"


def test_a_type_that_is_not_sent_any_more_is_known_at_once(mug):
    assert met(mug).type.is_shipped
    ProductType.objects.filter(pk=mug.type_id).update(is_shipped=False)

    assert not met(mug).type.is_shipped


def test_who_has_no_shelf_has_none(mug):
    Product.objects.filter(pk=mug.pk).update(category=None)

    assert met(mug).category is None
