"""The checkout asks carriers for their price, remembers it, and does without when they are silent."""

from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import ExchangeRate
from orders.services.orders import Buyer
from shipping.carriers import asking
from shipping.carriers.base import Quoted, Silent
from shop.processes import asking_carriers, checkout
from shop.processes.checkout import Choice
from shop.processes.quoting import Asked
from tests.factories import (
    CartLineFactory,
    MarketFactory,
    MethodFactory,
    RateFactory,
    TaxRateFactory,
    in_stock,
)

pytestmark = pytest.mark.django_db
ASKED = Asked(country="GB", postcode="N1 9GU")


class Ups:
    """A carrier's adapter: its answers, and how often it was asked."""

    tracks = True

    def __init__(self):
        self.asked, self.is_silent = 0, False

    def quotes(self, _shipment):
        self.asked += 1
        if self.is_silent:
            raise Silent
        return [Quoted("ups_ground", Decimal("19.72"), "USD")]


@pytest.fixture
def ups(monkeypatch):
    adapter = Ups()
    monkeypatch.setattr(asking, "adapter_of", lambda _carrier: adapter)
    return adapter


@pytest.fixture
def line(account):
    MarketFactory()
    TaxRateFactory()
    method = MethodFactory(code="live", provider=account("ups"), service="ups_ground", is_live=True)
    RateFactory(method=method, price="9.90", free_from=None)
    ExchangeRate.objects.create(base="USD", quote="GBP", rate="0.5", at=timezone.now())
    return CartLineFactory(variant=in_stock(5))


def quoted(line, asked=ASKED):
    cart = line.cart
    priced = asking_carriers.quote(cart=cart, market=cart.market, asked=asked, now=timezone.now())
    return priced.quote.delivery.price


def placed(line):
    buyer = Buyer(
        email="alice@example.com",
        name="Alice",
        line1="1 Row",
        line2="",
        city="London",
        postcode="N1 9GU",
        country="GB",
    )
    choice = Choice(
        buyer=buyer, shipping_method="live", payment_method="bank_transfer", language="en-gb"
    )
    return checkout.place_order(cart=line.cart, choice=choice, now=timezone.now())


def test_the_carriers_price_is_shown_in_the_markets_money(ups, line):

    assert quoted(line) == Decimal("9.86")


def test_who_has_no_postcode_sees_the_table_and_nobody_is_asked(ups, line):

    assert quoted(line, Asked(country="GB")) == Decimal("9.90")
    assert ups.asked == 0


def test_placing_takes_the_price_that_was_shown_and_asks_nobody(ups, line):
    quoted(line)

    order = placed(line)

    assert order.shipping_gross == Decimal("9.86")
    assert ups.asked == 1


def test_placing_without_a_remembered_price_takes_the_table(ups, line):

    assert placed(line).shipping_gross == Decimal("9.90")
    assert ups.asked == 0


def test_a_price_for_other_parcels_is_forgotten(ups, line):
    quoted(line)
    line.variant.grams = 9000
    line.variant.save()

    assert placed(line).shipping_gross == Decimal("9.90")


def test_a_silent_carrier_gives_way_to_the_table(ups, line):
    ups.is_silent = True

    assert quoted(line) == Decimal("9.90")


def test_money_without_a_rate_gives_way_to_the_table(ups, line):
    ExchangeRate.objects.all().delete()

    assert quoted(line) == Decimal("9.90")
