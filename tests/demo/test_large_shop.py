import pytest

from accounts.models import User
from catalog.models import Card, Product, Variant
from orders.models import Order
from shop.demo.seeding import cards as quick_cards
from shop.processes import bookkeeping, browsing
from tests.demo.seeded import NOW, quiet

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("large_shop"),
    pytest.mark.xdist_group("large shop"),
]
COLUMNS = [field.name for field in Card._meta.concrete_fields if field.name not in ("id", "digest")]


def made_up():
    return Product.objects.filter(tags__contains=[quick_cards.TAG])


def cards():
    rows = Card.objects.filter(product__in=made_up()).order_by("product", "market")
    return list(rows.values(*COLUMNS))


def test_a_large_shop_has_as_much_as_was_asked_for():
    assert Product.objects.count() == 300
    assert Order.objects.count() == 120
    assert Card.objects.count() == 600
    assert bookkeeping.reconcile(now=NOW) == []


def test_nobody_gets_a_public_password_outside_a_demo():
    assert not User.objects.exists()


def test_made_up_products_have_one_to_six_variants():
    per_product = Variant.objects.filter(product__in=made_up()).count() / made_up().count()

    assert 1 < per_product < 6


def test_made_up_products_lie_on_the_shelves_of_the_demo():
    assert all(
        product.category.numchild == 0 for product in made_up().select_related("category")[:20]
    )


def test_made_up_products_show_pictures_that_are_there():
    file = made_up().first().images.get().file

    assert file.storage.exists(file.name)


def test_quick_cards_are_the_cards_the_shop_would_make():
    Card.objects.filter(product__in=made_up()).delete()
    quick_cards.build(say=quiet)
    quick = cards()
    Card.objects.filter(product__in=made_up()).delete()

    browsing.refresh_cards(product_ids=made_up().values_list("pk", flat=True), now=NOW)

    assert quick == cards()
