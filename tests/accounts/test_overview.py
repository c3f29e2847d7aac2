"""The page of an account, and its own prices."""

from decimal import Decimal

import pytest
from django.utils import timezone

from marketing.models import Coupon, Promotion
from payments.models import ValueAccount
from tests.factories import MarketFactory, RateFactory, in_stock, placed_order
from tests.factories.customers import GroupFactory, PriceListFactory, member, rungs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _market(demo_market):
    RateFactory()


def as_member(client, *groups, email="alice@example.com"):
    customer = member(email, *groups)
    client.force_login(customer.user)
    return customer


def test_shows_who_it_is_and_by_which_lists_they_buy(client):
    trade = GroupFactory()
    PriceListFactory(name="Trade 2026", group=trade, percent=Decimal(20))
    PriceListFactory(name="Press 2026", group=GroupFactory(code="press"), percent=Decimal(20))
    as_member(client, trade)

    page = client.get("/account/").text

    assert "alice@example.com" in page
    assert "Trade 2026" in page
    assert "Press 2026" not in page


def test_shows_what_the_shop_owes(client):
    customer = as_member(client)
    for balance, is_active in (("12.50", True), ("99.00", False)):
        ValueAccount.objects.create(
            kind="store_credit",
            currency="GBP",
            balance=balance,
            customer=customer,
            is_active=is_active,
            created_at=timezone.now(),
        )

    page = client.get("/account/").text

    assert "£12.50" in page
    assert "£99.00" not in page


def test_shows_the_orders_of_its_address_alone(client):
    as_member(client)
    mine = placed_order(email="Alice@example.com")
    theirs = placed_order(email="bob@example.com")

    page = client.get("/account/").text

    assert mine.get_absolute_url().replace("&", "&amp;") in page
    assert theirs.number not in page


def test_a_discount_card_is_linked_by_its_number(client):
    customer = as_member(client)
    promotion = Promotion.objects.create(name="Card", label="Card", is_automatic=False)
    card = Coupon.objects.create(
        promotion=promotion, code="CARD-1234-5678", is_card=True, created_at=timezone.now()
    )

    refused = client.post("/account/discount-cards/", {"number": "CARD-0000-0000"})
    linked = client.post("/account/discount-cards/", {"number": " card-1234-5678 "})

    assert refused.status_code == 422
    assert "Card CARD-1234-5678 is yours now." in linked.text
    card.refresh_from_db()
    assert card.customer == customer


def test_guessing_card_numbers_is_stopped(client):
    as_member(client)
    for number in range(10):
        client.post("/account/discount-cards/", {"number": f"CARD-{number}"})

    assert client.post("/account/discount-cards/", {"number": "CARD-11"}).status_code == 429


# Own prices


def test_a_customer_sees_their_own_price_and_ladder(client):
    trade, mug = GroupFactory(), in_stock(sku="MUG")
    rungs(PriceListFactory(group=trade), mug, at_1="18.00", at_12="15.00")
    as_member(client, trade)

    answer = client.get("/account/prices/?v=mug")

    assert "Your price: £18.00" in answer.text
    assert "(Trade)" in answer.text
    assert "£15.00 each" in answer.text
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("query", ["?v=MUG", "?v=nothing", "?v=%27", ""])
def test_whoever_pays_what_everybody_pays_is_shown_nothing(client, query):
    in_stock(sku="MUG")
    guest = client.get(f"/account/prices/{query}")
    as_member(client, GroupFactory())

    assert guest.status_code == 204
    assert client.get(f"/account/prices/{query}").status_code == 204


def test_a_ladder_for_everybody_is_not_told_twice(client):
    mug = in_stock(sku="MUG")
    rungs(PriceListFactory(), mug, at_6="18.00")
    as_member(client, GroupFactory())

    assert client.get("/account/prices/?v=MUG").status_code == 204


def test_the_product_page_is_the_same_for_everybody(client):
    trade, mug = GroupFactory(), in_stock(sku="MUG")
    rungs(PriceListFactory(group=trade), mug, at_1="18.00")
    address = mug.product.get_absolute_url()
    public = client.get(address)
    as_member(client, trade)

    again = client.get(address)

    assert again.content == public.content
    assert "18.00" not in again.text
    assert 'data-own-prices="/account/prices/?v=MUG"' in again.text
    assert "Vary" not in again or "Cookie" not in again["Vary"]


def test_prices_are_those_of_the_market(client):
    trade = GroupFactory()
    in_stock(sku="MUG")
    PriceListFactory(group=trade, percent=Decimal(50), market=MarketFactory(eu=True))
    as_member(client, trade)

    assert client.get("/account/prices/?v=MUG").status_code == 204
