"""An untouched checkout is the same for everybody; what somebody typed is in nobody else's."""

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import Cart
from tests.factories import CartLineFactory, in_stock
from tests.factories.orders import checkout_of

pytestmark = pytest.mark.django_db
CHECKOUT = reverse("orders:checkout")


@pytest.fixture(autouse=True)
def _delivery():
    checkout_of()


def guest(**fields):
    """A visitor with something in the basket."""
    line = CartLineFactory(variant=in_stock(50))
    Cart.objects.filter(pk=line.cart.pk).update(**fields)
    client = Client()
    client.cookies["cart"] = line.cart.token
    return client


def fields_of(response):
    page = response.content.decode()
    return page[page.index('id="who"') : page.index('id="delivery"')]


def test_who_has_typed_nothing_sees_what_the_one_before_saw():
    assert fields_of(guest().get(CHECKOUT)) == fields_of(guest().get(CHECKOUT))


def test_what_one_shopper_typed_is_in_nobody_elses_form():
    before = fields_of(guest().get(CHECKOUT))

    typed = guest().post(CHECKOUT, {"name": "Ada Byron", "country": "GB", "refresh": "1"})

    assert "Ada Byron" in fields_of(typed)
    assert fields_of(guest().get(CHECKOUT)) == before


def test_a_mistake_is_told_to_who_made_it():
    before = fields_of(guest().get(CHECKOUT))

    sent = guest().post(CHECKOUT, {"email": "nobody", "country": "GB"})

    assert "name@example.com" in fields_of(sent)
    assert 'aria-invalid="true"' in fields_of(sent)
    assert fields_of(guest().get(CHECKOUT)) == before


def test_what_the_basket_knows_of_the_place_is_filled_in():
    plain = fields_of(guest().get(CHECKOUT))

    assert 'value="N1 9GU"' in fields_of(guest(postcode="N1 9GU").get(CHECKOUT))
    assert fields_of(guest().get(CHECKOUT)) == plain
