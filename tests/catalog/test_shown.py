"""Prices with tax or without, as a market shows them; what is paid never depends on it."""

from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Card, Market, Price
from catalog.queries.shown import Side, side_of, sides, sides_with_tax
from channels.queries.making import Maker
from channels.queries.stock import pieces
from shop.processes import browsing, checkout
from tests.factories import CartLineFactory, ImageFactory, checkout_of, in_stock
from tests.factories.pricing import DAY, SaleFactory, give_past


def mug(**market):
    """A mug for 24 with tax in it, on the shelf of a market with these flags."""
    variant = in_stock()
    Price.objects.update(amount=Decimal(24))
    give_past(Price.objects.get(variant=variant), (90, 24))
    Market.objects.update(**market)
    browsing.refresh_cards(product_ids=[variant.product_id], now=timezone.now())
    return variant


@pytest.mark.django_db
def test_lists_and_pages_show_prices_without_tax_where_the_market_says_so(client, demo_market):
    variant = mug(shows_tax=False)

    page = client.get(variant.product.get_absolute_url())

    assert Card.objects.get().price_from == 20
    assert page.context["offer"].price == 20
    assert page.context["offer"].tax_note == "plus VAT"
    assert page.context["seo"].json_ld[1]["offers"]["price"] == "20.00"


@pytest.mark.django_db
def test_prices_entered_without_tax_are_shown_with_it(client, demo_market):
    variant = mug(prices_include_tax=False)

    page = client.get(variant.product.get_absolute_url())

    assert Card.objects.get().price_from == Decimal("28.80")
    assert page.context["offer"].price == Decimal("28.80")
    assert page.context["offer"].tax_note == "including VAT"


@pytest.mark.django_db
def test_a_sale_is_shown_on_the_same_side_with_all_it_says(client, demo_market):
    SaleFactory(starts_at=timezone.now() - DAY, percent=Decimal(50))

    mug(shows_tax=False)

    card = Card.objects.get()
    assert (card.price_from, card.compare_at, card.lowest_30) == (10, 20, 20)


@pytest.mark.django_db(transaction=True)
def test_what_is_paid_does_not_depend_on_what_is_shown(demo_market):
    totals = []
    for shows_tax in (True, False):
        choice, line = checkout_of(), CartLineFactory(variant=mug(shows_tax=shows_tax))
        order = checkout.place_order(cart=line.cart, choice=choice, now=timezone.now())
        totals.append((order.total, order.tax))

    assert totals[0] == totals[1]


@pytest.mark.django_db
def test_costs_nothing_where_shown_is_entered(demo_market, django_assert_num_queries):
    with django_assert_num_queries(0):
        side = sides([demo_market], now=timezone.now()).of(demo_market, 1)

    assert side.is_same


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("flags", "countries", "told"),
    [
        ({"shows_tax": False}, ["GB"], "24.00 GBP"),
        ({"prices_include_tax": False}, ["GB"], "28.80 GBP"),
        ({"prices_include_tax": False}, ["US", "GB"], "24.00 GBP"),
    ],
)
def test_feeds_tell_prices_with_tax_but_in_america(demo_market, flags, countries, told):
    variant = mug(**flags, countries=countries)
    ImageFactory(product=variant.product, file__width=400, file__height=500)
    market, now = Market.objects.get(), timezone.now()
    [piece] = pieces(market, now=now)

    assert Maker.of(market, now=now).offer(piece, piece.price).price == told


@pytest.mark.django_db
def test_feeds_tell_from_when_to_when_a_sale_holds(demo_market):
    now = timezone.now()
    sale = SaleFactory(starts_at=now - DAY)
    variant = mug()
    ImageFactory(product=variant.product, file__width=400, file__height=500)
    [piece] = pieces(demo_market, now=now)

    offer = Maker.of(demo_market, now=now).offer(piece, piece.price)

    assert (offer.price, offer.sale_price) == ("24.00 GBP", "21.60 GBP")
    assert offer.sale_period.endswith(f"/{sale.ends_at:%Y-%m-%dT%H:%M+0000}")


@given(
    amount=st.decimals("0", "99999", places=2),
    rate=st.decimals("0", "30", places=1),
    entered=st.booleans(),
    shown=st.booleans(),
)
def test_what_is_shown_is_payable_and_on_the_right_side(amount, rate, entered, shown):
    found = Side("GBP", entered, shown, rate).of(amount)

    assert found == round(found, 2)
    if entered == shown:
        assert found == amount
    else:
        assert found <= amount if entered else found >= amount


@pytest.mark.django_db
def test_the_rate_is_that_of_the_home_country_today(demo_market):
    market = Market(currency="GBP", countries=["GB"], shows_tax=False)
    tax_class = mug().product.type.tax_class_id
    now = timezone.now()

    assert side_of(market, tax_class, now=now).rate == 20
    assert sides_with_tax(market, now=now).with_tax(market, tax_class).is_same
