"""Who signs in to the demo shop, and by which lists they buy."""

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from accounts.models import Customer
from accounts.services.customers import customer_groups
from catalog.models import Price, PriceList
from catalog.queries.price_lists import list_prices
from shop.demo.seeding import customers
from tests.factories import MarketFactory
from tests.factories.shelf import product_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True
    MarketFactory()
    product_with({"Glaze": ["Ash", "Moss"]}, slug=customers.MUG, price="24.00")
    customers.fill(now=timezone.now())


def paid(groups, units):
    price = Price.objects.first()
    found = list_prices(
        market=price.market,
        groups=groups,
        units={price.variant_id: units},
        base={price.variant_id: price.amount},
        now=timezone.now(),
    )
    amount, note = found[price.variant_id]
    return f"{amount:.2f}", note


@pytest.mark.parametrize("login", ["member", "trade"])
def test_both_can_sign_in(login):
    person = authenticate(username=f"{login}@marlandweft.example", password="mercer-demo")

    assert not person.is_staff
    assert person.customer.groups.count() == 1


def test_everybody_and_trade_buy_by_lists():
    trade = customer_groups(Customer.objects.get(company="The Slow Kitchen"))

    assert paid((), 1) == ("24.00", "")
    assert paid((), 6) == ("22.10", "From 6 units")
    assert paid((), 12) == ("20.40", "From 12 units")
    assert paid(trade, 1) == ("19.20", "Trade")


def test_filling_twice_changes_nothing():
    customers.fill(now=timezone.now())

    assert Customer.objects.count() == 2
    assert PriceList.objects.count() == 2


def test_a_real_shop_gets_no_login_that_everybody_knows(settings):
    Customer.objects.all().delete()
    settings.DEMO = False

    customers.fill(now=timezone.now())

    assert not Customer.objects.exists()
