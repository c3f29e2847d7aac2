"""Delivery and tax told in the basket, before the checkout."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import TaxRate, TaxTerritory
from orders.models import Cart
from tests.factories import CartLineFactory, MarketFactory, RateFactory, TaxRateFactory, in_stock
from tests.factories.shipping import MethodFactory, ZoneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(client):
    MarketFactory(countries=["GB", "IE"])
    TaxRateFactory()
    TaxRateFactory(country="IE", rate=Decimal(23))
    RateFactory()
    island = MethodFactory(
        code="ireland", name="Tracked Ireland", zone=ZoneFactory(name="Ireland", countries=["IE"])
    )
    RateFactory(method=island, price=Decimal("7.50"), free_from=None)
    line = CartLineFactory(variant=in_stock(5), quantity=2)
    client.cookies["cart"] = line.cart.token
    return line


def ask(client, **data):
    headers = data.pop("headers", {})
    return client.post(reverse("orders:cart_estimate"), data, headers=headers)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_another_country_has_its_own_delivery_and_tax(client, line):
    page = text_of(ask(client, country="IE", postcode=""))

    assert "Delivery and tax for Ireland" in page
    assert "Tracked Ireland" in page
    assert "£7.50" in page
    assert "Including VAT 23%" in page


def test_what_was_said_is_kept_for_the_next_visit_and_the_checkout(client, line):
    ask(client, country="IE", postcode="D02 AF30")

    again = text_of(client.get(reverse("orders:cart")))
    checkout = client.get(reverse("orders:checkout")).content.decode()

    assert "Delivery and tax for Ireland, D02 AF30" in again
    assert 'value="D02 AF30"' in checkout
    assert "Tracked Ireland" in checkout


def test_script_gets_the_basket_alone(client, line):
    html = ask(client, country="IE", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in html
    assert "Tracked Ireland" in html


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"country": "FR"}, "do not deliver"),
        ({"country": ""}, "required"),
        ({"country": "GB", "postcode": "nowhere"}, "postcode like"),
    ],
)
def test_mistakes_are_named_beside_the_field_and_nothing_is_kept(client, line, data, says):
    answer = ask(client, **data)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Cart.objects.get().country == ""


def test_a_territory_is_named_with_its_tax(client, line):
    standard = TaxRate.objects.get(country="GB")
    TaxRate.objects.create(
        country="GB",
        region="ISL",
        tax_class=standard.tax_class,
        rate=Decimal(7),
        valid=standard.valid,
    )
    TaxTerritory.objects.create(country="GB", region="ISL", name="The Isle", postcodes="IM.*")

    page = text_of(ask(client, country="GB", postcode="IM1 1AA"))

    assert "VAT 7%, The Isle" in page


def test_without_a_basket_there_is_nothing_to_estimate(client, demo_market):
    assert ask(client, country="GB").status_code == 404


def test_another_site_cannot_ask(client, line):
    answer = ask(client, country="IE", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
