"""What a sale may say that things cost before: Directive 98/6/EC, Art. 6a."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Card, Price, PriceHistory
from catalog.queries.price_history import WINDOW, announced, lowest_before
from shop.processes import browsing
from tests.factories import VariantFactory, in_stock
from tests.factories.pricing import DAY, SaleFactory, give_past

TODAY = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
amounts = st.decimals(min_value="0.01", max_value="999.99", places=2)


def steps(*told):
    return [(TODAY - days * DAY, Decimal(price)) for days, price in told]


@pytest.mark.parametrize(
    ("told", "since", "lowest"),
    [
        (steps((90, 100), (10, 90), (2, 80)), 10, 100),
        (steps((90, 100), (20, 70), (15, 100), (10, 90), (2, 80)), 10, 70),
        (steps((90, 100), (20, 85), (10, 76), (2, 68)), 10, 85),
        (steps((9, 100), (8, 90)), 10, None),
    ],
    ids=[
        "10 % and then 20 %, without a break",
        "what it cost for a while before the first step",
        "a cut that no sale announced",
        "nothing was asked before the sale",
    ],
)
def test_a_growing_reduction_is_told_against_the_price_before_its_first_step(told, since, lowest):
    assert lowest_before(told, since=TODAY - since * DAY) == lowest


@pytest.mark.parametrize(
    ("amount", "compare_at", "prior", "regular", "was"),
    [
        (80, None, 100, 100, 100),
        (80, None, 90, 100, 90),
        (80, None, 80, 100, None),
        (80, None, 70, 100, None),
        (80, None, None, 100, None),
        (80, 120, 100, 100, 100),
        (80, 120, 100, None, 100),
        (80, 120, None, None, 120),
        (80, None, 100, None, None),
        (80, None, 120, 90, 90),
    ],
)
def test_the_price_struck_out(amount, compare_at, prior, regular, was):
    assert announced(amount, compare_at, prior, regular=regular) == was


@given(
    told=st.lists(st.tuples(st.integers(0, 90), amounts), min_size=1, max_size=8),
    since=st.integers(0, 90),
)
def test_nothing_in_the_thirty_days_before_was_lower(told, since):
    known = steps(*sorted(told, key=lambda one: -one[0]))
    began = TODAY - since * DAY

    found = lowest_before(known, since=began)

    held = [
        amount
        for place, (at, amount) in enumerate(known)
        if at < began and (place + 1 == len(known) or known[place + 1][0] > max(at, began - WINDOW))
    ]
    assert found == min(held, default=None)


@given(
    amount=amounts,
    compare_at=st.none() | amounts,
    prior=st.none() | amounts,
    regular=st.none() | amounts,
)
def test_what_is_struck_out_is_higher_and_was_really_asked(amount, compare_at, prior, regular):
    was = announced(amount, compare_at, prior, regular=regular)

    if was is not None:
        assert was > amount
        assert prior is None or was <= prior
        assert regular is None or prior is not None


# On the shelves


def reduced(*past, percent=10, **fields):
    """A variant for 20, on sale since a day, with this past before."""
    variant = VariantFactory(price=Decimal(20))
    in_stock(variant=variant)
    sale = SaleFactory(starts_at=timezone.now() - DAY, percent=Decimal(percent), **fields)
    give_past(Price.objects.get(variant=variant), *past)
    browsing.refresh_cards(product_ids=[variant.product_id], now=timezone.now())
    return variant, sale


def test_a_sale_strikes_the_regular_price_out_everywhere(client, demo_market):
    variant, sale = reduced((90, 20))

    page = client.get(variant.product.get_absolute_url())
    shelf = client.get(variant.product.category.get_absolute_url())

    card = Card.objects.get(product=variant.product)
    assert (card.price_from, card.compare_at, card.lowest_30) == (18, 20, 20)
    assert (page.context["offer"].price, page.context["offer"].compare_at) == (18, 20)
    assert "Lowest price of the 30 days before: £20.00" in page.content.decode()
    assert [one.badge for one in shelf.context["listing"].cards] == ["Sale"]
    offer = page.context["seo"].json_ld[1]["offers"]
    assert (offer["price"], offer["priceValidUntil"]) == ("18.00", f"{sale.ends_at:%Y-%m-%d}")


def test_a_sale_is_told_against_what_it_cost_at_least_in_the_thirty_days_before(demo_market):
    variant, _sale = reduced((90, 20), (20, 19), (10, 20))

    card = Card.objects.get(product=variant.product)

    assert (card.price_from, card.compare_at) == (18, 19)


def test_a_sale_that_is_dearer_than_last_week_strikes_nothing_out(demo_market):
    variant, _sale = reduced((90, 20), (20, 15), (10, 20))

    card = Card.objects.get(product=variant.product)

    assert (card.price_from, card.compare_at, card.lowest_30) == (18, None, 15)


def test_a_price_that_never_was_higher_is_not_struck_out(demo_market):
    variant, _sale = reduced()
    PriceHistory.objects.filter(variant=variant).delete()
    browsing.refresh_cards(product_ids=[variant.product_id], now=timezone.now())

    card = Card.objects.get(product=variant.product)

    assert (card.price_from, card.compare_at, card.lowest_30) == (18, None, None)


def test_a_staff_edit_during_a_sale_is_followed(demo_market):
    variant, _sale = reduced((90, 20))
    Price.objects.update(amount=Decimal(30))

    browsing.refresh_cards(product_ids=[variant.product_id], now=timezone.now())

    assert Card.objects.get(product=variant.product).price_from == 27


def test_twenty_after_ten_per_cent_is_told_against_the_first_price(demo_market):
    variant, sale = reduced((90, 20))
    sale.percent = Decimal(20)
    sale.save()

    browsing.refresh_cards(product_ids=[variant.product_id], now=timezone.now())

    card = Card.objects.get(product=variant.product)
    assert (card.price_from, card.compare_at, card.lowest_30) == (16, 20, 20)
