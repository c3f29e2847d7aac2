"""What is Alice's stays Alice's: no visit of anybody else finds it or changes it."""

import pytest

from accounts.models import Address, Customer
from orders.models import CartLine, Order, WishlistLine
from payments.models import SavedCard
from tests.factories import placed_order
from tests.walk.addresses import every_address
from tests.walk.people import browsers
from tests.walk.world import make_world

pytestmark = pytest.mark.django_db
HERS = {
    Customer: "pk",
    Address: "customer",
    SavedCard: "customer",
    CartLine: "cart__customer",
    WishlistLine: "wishlist__user__customer",
    Order: "customer",
}


@pytest.fixture
def world(demo_market):
    return make_world()


def hers(alice):
    return {
        model: list(model.objects.filter(**{path: alice.pk}).order_by("pk").values())
        for model, path in HERS.items()
    }


@pytest.mark.parametrize("person", ["anonymous", "bob"])
def test_no_visit_of_others_changes_what_is_hers(world, person):
    browser, alice = browsers()[person], Customer.objects.get(email="alice@example.com")
    before = hers(alice)
    assert all(before[model] for model in HERS)

    for address in every_address():
        if address.name in world:
            path = address.path(world[address.name])
            browser.get(path)
            browser.post(path, {"quantity": "0", "name": "Bob's", "reason": "mine"})

    assert hers(alice) == before


@pytest.mark.parametrize("rest", ["", "cancellation/", "address/", "again/", "payment/"])
def test_the_key_of_one_order_opens_no_other(client, world, rest):
    hers = world["orders:order"]["number"]
    other = placed_order(email="bob@example.com")

    page = client.get(f"/orders/{hers}/{rest}", {"t": other.link_token})

    assert page.status_code in (404, 405)


def test_her_own_key_opens_hers(client, world):
    order = Order.objects.get(number=world["orders:order"]["number"])

    assert client.get(order.get_absolute_url()).status_code == 200
