"""What changed since something was put into the basket is told; what the shopper did is not."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import Price, PriceList, PriceListEntry
from orders.models import CartLine
from orders.services import carts
from tests.factories import MarketFactory, RateFactory, TaxRateFactory, in_stock

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def market():
    TaxRateFactory()
    RateFactory()
    return MarketFactory()


@pytest.fixture
def ladder(market):
    """A mug of £22.00 that costs £18.00 from six on."""
    variant = in_stock(50)
    rungs = PriceList.objects.create(name="Many", market=market)
    PriceListEntry.objects.create(
        price_list=rungs, variant=variant, min_quantity=6, amount=Decimal(18)
    )
    return variant


def basket(client, cart):
    client.cookies["cart"] = cart.token
    html = client.get(reverse("orders:cart")).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def put(market, variant, quantity):
    changed = carts.add(token="", market=market, sku=variant.sku, quantity=quantity, now=NOW)
    return changed.cart


def test_both_prices_are_told_when_one_goes_up(client, market):
    cart = put(market, in_stock(), 1)
    Price.objects.update(amount=Decimal(25))

    page = basket(client, cart)

    assert "The price has gone up: £25.00 each, was £22.00 when you added it." in page


def test_both_prices_are_told_when_one_goes_down(client, market):
    cart = put(market, in_stock(), 1)
    Price.objects.update(amount=Decimal("19.50"))

    assert "£19.50 each now, was £22.00 when you added it." in basket(client, cart)


def test_a_rung_of_many_units_says_its_name_and_is_no_news(client, market, ladder):
    page = basket(client, put(market, ladder, 6))

    assert "£18.00 each · From 6 units" in page
    assert "when you added it" not in page


@pytest.mark.parametrize(("first", "then"), [(1, 6), (6, 1)])
def test_a_rung_reached_or_left_by_hand_is_no_news(client, market, ladder, first, then):
    cart = put(market, ladder, first)
    line = CartLine.objects.get()

    carts.change(cart=cart, line_id=line.pk, quantity=then, now=NOW)

    assert "when you added it" not in basket(client, cart)


def test_news_stays_news_when_the_quantity_changes(client, market, ladder):
    cart = put(market, ladder, 1)
    Price.objects.update(amount=Decimal(24))

    carts.change(cart=cart, line_id=CartLine.objects.get().pk, quantity=2, now=NOW)

    assert "£24.00 each, was £22.00" in basket(client, cart)
