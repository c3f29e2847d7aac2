"""Orders that wait for their money: their lines are written anew, nothing is granted back."""

from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Adjustment
from payments.models import GrantedRefund, Payment
from shop.processes import checkout
from shop.processes.editing import CannotChange, NewDelivery
from tests.factories import in_stock, placed_order, stock_of
from tests.factories.promotions import promotion
from tests.processes.editing.changing import added, amend, broken, left, line_of

pytestmark = pytest.mark.django_db


def waiting(**fields):
    return placed_order(payment_method="bank_transfer", **fields)


def pay(order):
    checkout.mark_paid(order_id=order.pk, actor=None, reference="8", now=timezone.now())
    order.refresh_from_db()


def test_fewer_units_cost_less_and_are_free_again():
    promotion("percent", {"percent": "10"})
    order = waiting(variant=in_stock(3, price="9.99"), quantity=3)
    line = line_of(order)

    edit = amend(order, units={line.pk: 1})

    line.refresh_from_db()
    assert (line.quantity, line.gross, line.discount) == (1, Decimal("8.99"), Decimal("1.00"))
    assert edit.difference == Decimal("8.99") - Decimal("26.97")
    assert [one.amount for one in Adjustment.objects.all()] == [Decimal("-1.00")]
    assert stock_of(line.variant) == (3, 1)
    assert not GrantedRefund.objects.exists()
    assert broken() == []


def test_a_line_goes_another_comes_and_the_money_asked_for_follows():
    order = waiting()
    line, bowl = line_of(order), in_stock(4)

    amend(order, units={line.pk: 0}, add=[added(bowl, 2, "30.00")])

    assert order.lines.get().variant == bowl
    assert stock_of(line.variant) == (10, 0)
    assert left(order) == order.total == 60 + order.shipping_gross
    assert Payment.objects.get(is_open=True).amount == order.total
    assert broken() == []


def test_the_sale_is_booked_with_what_it_had_become():
    order = waiting()
    amend(order, prices={line_of(order).pk: Decimal("20.00")}, add=[added(in_stock(2))])

    pay(order)

    assert (order.status, order.items_gross) == ("confirmed", 30)
    assert broken() == []


def test_more_units_are_a_line_of_their_own():
    order = waiting(variant=in_stock(5), quantity=2)

    amend(order, units={line_of(order).pk: 4})

    assert sorted(order.lines.values_list("quantity", flat=True)) == [2, 2]
    assert stock_of(line_of(order).variant) == (5, 4)


def test_delivery_is_taxed_anew():
    order = waiting()
    express = NewDelivery("express", "Express", Decimal("12.00"))

    edit = amend(order, delivery=express)

    assert (order.shipping_gross, order.shipping_tax) == (12, 2)
    assert (order.shipping_method, order.shipping_name) == ("express", "Express")
    assert edit.changes[0]["is"] == "Express, £12.00"
    assert broken() == []


def test_nothing_left_is_a_cancellation():
    order = waiting()

    with pytest.raises(CannotChange):
        amend(order, units={line_of(order).pk: 0})

    assert order.lines.count() == 1
