"""The state or province of an address, where letters need one."""

import pytest

from accounts.services.places import needed_region
from orders.models import Order
from shipping.carriers import addresses as carried
from tests.factories import CartLineFactory, RateFactory, ZoneFactory, in_stock, placed_order
from tests.factories.catalog import MarketFactory, TaxRateFactory

pytestmark = pytest.mark.django_db
URL = "/checkout/"
TYPED = {
    "email": "ada@example.com",
    "name": "Ada Bianchi",
    "line1": "Via Roma 1",
    "city": "Milano",
    "postcode": "20121",
    "country": "IT",
    "shipping_method": "tracked-48",
    "payment_method": "bank_transfer",
}


@pytest.fixture
def line(client):
    market = MarketFactory(countries=["GB", "IT"])
    TaxRateFactory()
    TaxRateFactory(country="IT")
    RateFactory(method__zone=ZoneFactory(countries=["GB", "IT"]))
    line = CartLineFactory(variant=in_stock(5), cart__market=market)
    client.cookies["cart"] = line.cart.token
    return line


def test_only_countries_whose_letters_need_one_are_asked():
    assert [code for code in ("GB", "DE", "IE", "IT", "US") if needed_region(code)] == ["IT", "US"]


def test_the_checkout_asks_where_it_is_needed_and_nowhere_else(client, line):
    at_home = client.get(URL).text
    abroad = client.post(URL, TYPED | {"refresh": "1"}).text

    assert 'name="region"' not in at_home
    assert 'name="region"' in abroad
    assert "Province" in abroad


def test_an_order_without_it_is_not_placed(client, line):
    assert client.post(URL, TYPED).status_code == 422
    assert not Order.objects.exists()


def test_an_order_keeps_it_in_its_address_and_tells_carriers(client, line):
    client.post(URL, TYPED | {"region": "MI"})

    order = Order.objects.get()
    assert order.region == "MI"
    assert "Milano MI 20121" in order.address_lines
    assert carried.of_order(order).state == "MI"


def test_regions_that_go_by_their_names_are_no_code_for_carriers(demo_market):
    order = placed_order()
    order.region = "Barcelona"

    assert carried.of_order(order).state == ""
