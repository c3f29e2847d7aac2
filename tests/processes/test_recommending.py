"""The nightly job: from orders to rows on pages."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from catalog.models import Recommendation
from orders.models import OrderLine
from shop.lib.cache import VERSION_KEY
from shop.processes import checkout
from shop.processes.recommending import baskets, recommend
from shop.tasks import recommend as nightly
from tests.factories import (
    CartFactory,
    CartLineFactory,
    canceled_order,
    checkout_of,
    in_stock,
    paid_order,
)
from tests.factories.shelf import shelve

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _market(demo_market):
    return demo_market


def ordered(*variants):
    """A paid order of one of each."""
    cart = CartFactory()
    for variant in variants:
        CartLineFactory(cart=cart, variant=variant)
    order = checkout.place_order(cart=cart, choice=checkout_of(), now=NOW)
    return checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=NOW)


def rows(kind="goes_with"):
    return {(row.product_id, row.other_id): row for row in Recommendation.objects.filter(kind=kind)}


def test_what_was_ordered_together_twice_goes_together():
    mug, tea, pot = in_stock(9), in_stock(9), in_stock(9)
    ordered(mug, tea)
    ordered(mug, tea)
    ordered(mug, pot)
    shelve()

    recommend(now=NOW)

    found = rows()
    assert set(found) == {(mug.product_id, tea.product_id), (tea.product_id, mug.product_id)}
    pair = found[mug.product_id, tea.product_id]
    assert (pair.together, pair.baskets, pair.confidence, pair.lift) == (2, 3, 0.667, 1.0)


def test_orders_that_were_called_off_count_for_nothing():
    canceled_order()
    order = paid_order()

    assert [one.buyer for one in baskets(since=NOW - dt.timedelta(days=9))] == [order.email]


def test_lines_whose_product_is_gone_and_old_orders_are_passed_over():
    order = paid_order()
    kept = baskets(since=NOW + dt.timedelta(days=1))
    OrderLine.objects.filter(order=order).update(variant=None)

    assert not list(kept)
    assert not list(baskets(since=NOW - dt.timedelta(days=9)))


def test_two_kinds_of_one_product_are_one_thing():
    mug = in_stock(9)
    other = in_stock(9, variant=type(mug).objects.create(product=mug.product, sku="B", label="B"))
    order = paid_order(variant=mug)
    line = OrderLine.objects.get(order=order)
    OrderLine.objects.create(
        order=order, variant=other, sku="B", title="B", quantity=1, unit_price=0,
        net=0, tax=0, gross=0, position=line.position + 1,
    )  # fmt: skip

    (basket,) = baskets(since=NOW - dt.timedelta(days=9))

    assert basket.products == {mug.product_id}


def test_a_second_run_writes_nothing_and_keeps_the_pages():
    mug, tea = in_stock(9), in_stock(9)
    ordered(mug, tea)
    ordered(mug, tea)
    shelve()
    first = recommend(now=NOW)
    before, version = list(Recommendation.objects.order_by("pk").values()), cache.get(VERSION_KEY)

    again = recommend(now=NOW)

    assert (first.goes_with, first.related) == (2, 2)
    assert (again.goes_with, again.related) == (0, 0)
    assert list(Recommendation.objects.order_by("pk").values()) == before
    assert cache.get(VERSION_KEY) == version


def test_pages_are_thrown_away_when_something_else_is_shown():
    mug, tea = in_stock(9), in_stock(9)
    ordered(mug, tea)
    ordered(mug, tea)
    shelve()
    version = cache.get(VERSION_KEY)

    nightly()

    assert cache.get(VERSION_KEY) not in (version, None)


def test_a_shop_without_orders_has_what_is_alike():
    mug, bowl = in_stock(), in_stock()
    shelve()

    recommend(now=NOW)

    assert not rows()
    assert set(rows("related")) == {
        (mug.product_id, bowl.product_id),
        (bowl.product_id, mug.product_id),
    }
