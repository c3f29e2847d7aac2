"""The checkout of somebody with an address book."""

import pytest
from django.utils import timezone

from accounts.models import Address
from accounts.services import addresses
from accounts.services.addresses import Written
from orders.models import Order
from tests.factories import CartLineFactory, RateFactory, in_stock
from tests.factories.customers import member

pytestmark = pytest.mark.django_db
URL = "/checkout/"
TYPED = {
    "email": "alice@example.com",
    "name": "Alice Byron",
    "line1": "12 Analytical Row",
    "city": "London",
    "postcode": "n19gu",
    "country": "GB",
    "shipping_method": "tracked-48",
    "payment_method": "bank_transfer",
}


@pytest.fixture
def line(client, demo_market):
    RateFactory()
    return CartLineFactory(variant=in_stock(5))


@pytest.fixture
def alice(client, line):
    customer = member()
    client.force_login(customer.user)
    line.cart.customer = customer
    line.cart.save()
    return customer


def keep(customer, **parts):
    home = {"name": "Alice King", "line1": "5 Engine Lane", "city": "Leeds", "country": "GB"}
    written = Written(**home | {"postcode": "LS1 1AA"} | parts)
    return addresses.save(customer=customer, written=written, now=timezone.now())


def test_the_kept_address_is_filled_in(client, alice):
    keep(alice)

    page = client.get(URL).text

    assert 'value="5 Engine Lane"' in page
    assert 'value="LS1 1AA"' in page
    assert "Another address" in page


def test_another_one_is_picked(client, alice):
    keep(alice)
    other = keep(alice, line1="7 Mill Street")

    page = client.post(URL, TYPED | {"saved_address": other.pk, "use_address": "1"}).text

    assert 'value="7 Mill Street"' in page
    assert f'<option value="{other.pk}" selected>' in page
    assert not Order.objects.exists()


def test_nobody_picks_a_strangers_address(client, alice):
    theirs = keep(member("bob@example.com"), line1="9 Secret Close")

    page = client.post(URL, TYPED | {"saved_address": theirs.pk, "use_address": "1"}).text

    assert "9 Secret Close" not in page


def test_where_parcels_do_not_go_is_not_offered(client, alice):
    keep(alice, line1="Unter den Linden 1", city="Berlin", country="DE", postcode="10115")

    page = client.get(URL).text

    assert "Unter den Linden" not in page
    assert "Your addresses" not in page


def test_an_address_is_kept_when_that_is_asked_for(client, alice):
    client.post(URL, TYPED | {"keep_address": "on"})

    assert Order.objects.get().customer == alice
    assert Address.objects.get(customer=alice).postcode == "N1 9GU"


def test_without_asking_nothing_is_kept(client, alice):
    client.post(URL, TYPED)

    assert Order.objects.exists()
    assert not Address.objects.exists()


def test_a_known_address_is_kept_once(client, alice):
    known = keep(
        alice, name="ALICE BYRON", line1="12  analytical row", city="London", postcode="N1 9GU"
    )
    before = known.used_at

    client.post(URL, TYPED | {"keep_address": "on"})

    assert Address.objects.get().used_at > before


def test_guests_are_offered_nothing_of_it(client, line):
    client.cookies["cart"] = line.cart.token

    page = client.get(URL).text

    assert "Keep this address" not in page
    assert "Your addresses" not in page
    client.post(URL, TYPED | {"keep_address": "on"})
    assert Order.objects.exists()
    assert not Address.objects.exists()
