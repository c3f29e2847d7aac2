"""The demo shop has an example of every kind of goods, and books that balance with them."""

import pytest

from catalog.models import DigitalFile, Extra, Variant
from inventory.queries import availability
from shop.demo.seeding import catalogue, orders, places, specials
from shop.demo.seeding.specials import KEYS, TEA_FOR_TWO
from shop.processes import bookkeeping
from shop.processes.bookkeeping import history
from tests.demo.seeded import NOW, quiet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    places.fill()
    catalogue.fill(now=NOW)
    specials.fill(now=NOW)


def left(sku):
    variant = Variant.objects.get(sku=sku)
    return availability([variant.pk])[variant.pk].available


def test_every_kind_of_goods_has_an_example():
    assert left("MW-TF2") == min(left(sku) for sku in TEA_FOR_TWO)
    assert left("MW-FILMS-THROW") == KEYS
    assert {extra.kind for extra in Extra.objects.all()} == {"text", "choice", "file"}
    assert all(extra.prices.count() == 2 for extra in Extra.objects.all())
    assert Variant.objects.filter(quantity_step=6).exists()
    with DigitalFile.objects.get().file.open() as file:
        assert file.read(5) == b"%PDF-"


def test_orders_of_them_balance():
    orders.fill(80, seed=1, now=NOW, pictures={}, say=quiet)
    history.book(now=NOW, say=lambda _name, _count: None)

    assert not [one for one in bookkeeping.reconcile(now=NOW) if one.is_broken]
