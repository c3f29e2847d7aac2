"""The ladder on the product page: everybody's, kept with the page, true to the second."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from tests.factories import RateFactory, in_stock
from tests.factories.customers import GroupFactory, PriceListFactory, rungs

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _market(demo_market):
    RateFactory()


def page(client, mug):
    return client.get(mug.product.get_absolute_url())


def steps(client, mug):
    return [(step.text, f"{step.amount:.2f}") for step in page(client, mug).context["ladder"].steps]


def test_shows_what_each_costs_by_how_many_are_taken(client):
    mug = in_stock(price=Decimal(24), content=Decimal(250), content_unit="g")
    rungs(PriceListFactory(name="Many"), mug, at_6="22.00", at_12="20.00")

    assert steps(client, mug) == [("1+", "24.00"), ("6+", "22.00"), ("12+", "20.00")]
    assert "£20.00 each" in page(client, mug).text
    assert "£8.00 per 100 g" in page(client, mug).text


def test_without_rungs_there_is_no_ladder(client):
    assert '<table class="ladder' not in page(client, in_stock()).text


def test_a_groups_prices_are_not_public(client):
    mug = in_stock()
    rungs(PriceListFactory(group=GroupFactory()), mug, at_1="18.00", at_6="16.00")

    assert steps(client, mug) == []


def test_rungs_that_nobody_can_reach_are_left_out(client):
    glass = in_stock(price=Decimal(24), min_quantity=6, quantity_step=6, max_quantity=24)
    listed = PriceListFactory(name="Many")
    rungs(listed, glass, at_2="23.00", at_10="20.00", at_30="10.00")

    assert steps(client, glass) == [("6+", "23.00"), ("12+", "20.00")]


def test_what_search_engines_read_stays_everybodys_price(client):
    mug = in_stock(price=Decimal(24))
    rungs(PriceListFactory(name="Many"), mug, at_6="22.00")

    told = page(client, mug).text.partition("application/ld+json")[2]
    assert '"24.00"' in told
    assert "22.00" not in told.partition("</head>")[0]


@pytest.mark.parametrize(("fields", "seconds"), [
    ({"ends_at": NOON + dt.timedelta(seconds=90)}, 90),
    ({"starts_at": NOON + dt.timedelta(seconds=45)}, 45),
])  # fmt: skip
def test_the_page_is_kept_no_longer_than_its_ladder_holds(client, fields, seconds):
    mug = in_stock(price=Decimal(24))
    rungs(PriceListFactory(name="Many", **fields), mug, at_6="22.00")

    with time_machine.travel(NOON, tick=False):
        assert page(client, mug).keep_seconds == seconds
