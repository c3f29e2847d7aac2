"""The checkout of a basket that needs no parcel asks for a country, a name and an address to mail to."""

import re

import pytest

from orders.models import Order
from tests.factories import CartLineFactory, RateFactory, in_stock
from tests.factories.specials import file_variant
from tests.orders.test_checkout_page import TYPED, URL

pytestmark = pytest.mark.django_db
PLACE = {"line1", "line2", "city", "postcode", "phone"}


@pytest.fixture
def line(client, demo_market, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    RateFactory()
    line = CartLineFactory(variant=file_variant())
    client.cookies["cart"] = line.cart.token
    return line


def asked(html):
    return set(re.findall(r'name="([a-z0-9_]+)"', html[html.index('id="checkout"') :]))


def short():
    return {name: value for name, value in TYPED.items() if name not in PLACE | {"shipping_method"}}


def test_asks_for_no_address_and_no_delivery(client, line):
    html = client.get(URL).content.decode()

    assert {"email", "name", "country", "payment_method"} <= asked(html)
    assert not asked(html) & (PLACE | {"shipping_method"})
    assert "Nothing is sent" in html


def test_orders_with_a_country_a_name_and_a_mail_address(client, line):
    answer = client.post(URL, short())

    order = Order.objects.get()
    assert answer.status_code == 302
    assert (order.country, order.line1, order.shipping_method) == ("GB", "", "")
    assert order.tax > 0


def test_an_address_that_is_sent_anyway_is_let_be(client, line):
    client.post(URL, TYPED)

    assert Order.objects.get().line1 == ""


def test_goes_where_no_parcel_goes(client, line):
    line.cart.market.countries = ["GB", "IE"]
    line.cart.market.save()

    client.post(URL, {**short(), "country": "IE"})

    assert Order.objects.get().country == "IE"


def test_a_country_outside_the_market_is_refused(client, line):
    assert client.post(URL, {**short(), "country": "US"}).status_code == 422


def test_a_mug_beside_it_brings_the_address_back(client, line):
    CartLineFactory(cart=line.cart, variant=in_stock())

    assert asked(client.get(URL).content.decode()) >= PLACE | {"shipping_method"}
    assert client.post(URL, short()).status_code == 422
