"""What a reduction has to say of the 30 days before it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Card, Price, PriceHistory
from catalog.queries.price_history import announced, lowest_before, prior_prices
from shop.processes import browsing
from tests.factories import VariantFactory, in_stock

DAY = dt.timedelta(days=1)
TODAY = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def steps(*told):
    """(days ago, price) pairs, oldest first."""
    return [(TODAY - days * DAY, Decimal(price)) for days, price in told]


def reduced(*, amount, compare_at, past):
    """A variant that is on offer today, after these (days ago, price)."""
    variant = VariantFactory(price=Decimal(amount))
    in_stock(variant=variant)
    Price.objects.filter(variant=variant).update(compare_at=Decimal(compare_at))
    PriceHistory.objects.filter(variant=variant).delete()
    market = Price.objects.get(variant=variant).market
    now = timezone.now()
    PriceHistory.objects.bulk_create(
        PriceHistory(variant=variant, market=market, amount=Decimal(price), at=now - days * DAY)
        for days, price in past
    )
    return variant


@pytest.mark.parametrize(
    ("told", "lowest"),
    [
        (steps((20, 80), (10, 100), (1, 90)), 80),
        (steps((90, 80), (50, 100), (1, 90)), 100),
        (steps((90, 80), (30, 100), (1, 90)), 80),
        (steps((90, 100), (5, 70)), 100),
        (steps((90, 100), (20, 90), (1, 80)), 90),
        (steps((90, 100)), None),
    ],
    ids=[
        "a raise in between hides nothing",
        "what ended earlier does not count",
        "what held until the 30th day counts",
        "a plain reduction",
        "a second reduction is measured against the first",
        "a price that never changed",
    ],
)
def test_the_lowest_price_of_the_thirty_days_before(told, lowest):
    assert lowest_before(told) == lowest


def test_a_price_that_held_for_no_time_at_all_does_not_count():
    told = [*steps((40, 100)), (TODAY, Decimal(10)), (TODAY, Decimal(90))]

    assert lowest_before(told) == 100


def test_nothing_is_struck_out_when_it_cost_as_little_before():
    assert announced(Decimal(90), Decimal(100), Decimal(80)) is None
    assert announced(Decimal(90), Decimal(120), Decimal(100)) == 100


@pytest.mark.django_db
def test_the_database_keeps_every_price_whoever_writes_it():
    variant = VariantFactory(price=Decimal(80))

    Price.objects.filter(variant=variant).update(amount=Decimal(100))
    Price.objects.filter(variant=variant).update(amount=Decimal(100))
    price = Price.objects.get(variant=variant)
    price.amount = Decimal(90)
    price.save()

    kept = PriceHistory.objects.filter(variant=variant).order_by("pk")
    assert [row.amount for row in kept] == [80, 100, 90]


@pytest.mark.django_db
def test_many_prices_are_read_in_one_query(django_assert_num_queries):
    variants = [
        reduced(amount=90, compare_at=100, past=[(20, 80), (10, 100), (1, 90)]) for _n in range(3)
    ]

    with django_assert_num_queries(1):
        prior = prior_prices([variant.pk for variant in variants])

    assert set(prior.values()) == {Decimal(80)}


def test_the_page_says_80_when_80_100_90_was_announced_as_a_reduction(client, demo_market):
    variant = reduced(amount=90, compare_at=100, past=[(20, 80), (10, 100), (1, 90)])
    browsing.refresh_cards(product_ids=[variant.product_id], now=timezone.now())

    page = client.get(variant.product.get_absolute_url())

    assert "Lowest price of the 30 days before: £80.00" in page.content.decode()
    assert page.context["offer"].compare_at is None
    assert Card.objects.get(product=variant.product).compare_at is None
    assert Card.objects.get(product=variant.product).lowest_30 == 80


def test_an_honest_reduction_shows_both_prices_and_wears_a_badge(client, demo_market):
    variant = reduced(amount=70, compare_at=100, past=[(90, 100), (1, 70)])
    browsing.refresh_cards(product_ids=[variant.product_id], now=timezone.now())

    page = client.get(variant.product.get_absolute_url()).content.decode()
    shelf = client.get(variant.product.category.get_absolute_url())

    assert "Lowest price of the 30 days before: £100.00" in page
    assert [card.badge for card in shelf.context["listing"].cards] == ["Sale"]
