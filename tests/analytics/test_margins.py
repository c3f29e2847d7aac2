"""What goods cost that were sold: what they were worth when they left."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from analytics.queries.books.margins import margins
from inventory.models import StockMovement
from inventory.services.stock import Why
from orders.models import OrderLine
from shop.processes import fulfilment, stocktaking
from shop.processes.fulfilment import Parcel
from tests.factories import VariantFactory, in_stock, paid_order, shipped_order

pytestmark = pytest.mark.django_db


def goods(by):
    """{key: cost of its goods} of what was sold today."""
    now = timezone.now()
    rows = margins(by, now - dt.timedelta(days=1), now + dt.timedelta(hours=1))
    return {row.key: row.goods for row in rows}


def mug(cost):
    return in_stock(2, variant=VariantFactory(cost=Decimal(cost)))


def deliver(variant, units, value):
    why = Why(kind=StockMovement.Kind.RECEIPT, now=timezone.now())
    stocktaking.correct(variant_id=variant.pk, change=units, why=why, value=Decimal(value))


def send(order):
    fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=timezone.now()
    )


@pytest.mark.parametrize("by", ["order", "product"])
def test_goods_cost_what_they_were_worth_when_they_left(by):
    variant = mug("8.00")
    order = paid_order(variant=variant, quantity=2)
    deliver(variant, 2, "24.00")

    send(order)

    key = order.number if by == "order" else variant.product.slug
    assert goods(by) == {key: 20}


def test_goods_that_nobody_saw_leave_cost_what_they_were_to_cost():
    order = paid_order(variant=mug("8.00"), quantity=2)

    OrderLine.objects.update(fulfilled=2)

    assert goods("order") == {order.number: 16}


def test_what_did_not_leave_yet_costs_nothing_yet():
    order = paid_order(variant=mug("8.00"), quantity=2)

    assert goods("order") == {order.number: 0}


def test_each_product_has_its_own_cost():
    cheap, dear = mug("2.00"), mug("9.00")
    shipped_order(variant=cheap)
    shipped_order(variant=dear)

    assert goods("product") == {cheap.product.slug: 2, dear.product.slug: 9}
