from decimal import Decimal

import pytest
from hypothesis import given

from orders.services.pricing import Percent
from tests.orders.pricing.baskets import deal, delivery, item, items, priced, rules


@given(items())
def test_prices_with_tax_in_are_what_the_shopper_pays(cart):
    figures = priced(cart)

    assert figures.total.gross == sum((i.unit_price * i.quantity for i in cart), Decimal(0))


def test_prices_without_tax_grow_by_it():
    figures = priced([item(quantity=2)], tax=rules(included=False), currency="EUR")

    assert figures.goods == Decimal("20.00")
    assert figures.total.gross == Decimal("24.00")


def test_goods_without_a_rate_are_not_taxed():
    figures = priced([item(tax_class="unknown")])

    assert figures.total.tax == 0


def test_zero_decimal_currencies_have_no_fractions():
    figures = priced([item(quantity=3, price="333", tax_class="reduced")], currency="JPY")

    assert figures.total.tax == figures.total.tax.to_integral_value()


def test_an_empty_basket_costs_nothing():
    figures = priced([], [deal(1, Percent(1000))])

    assert figures.total.gross == 0
    assert not figures.outcomes[0].applies


def test_lines_stay_in_the_order_they_came_in():
    figures = priced([item(3), item(1), item(2)])

    assert [one.item.key for one in figures.items] == [3, 1, 2]


def test_figures_of_the_whole_are_sums_of_the_lines():
    figures = priced(
        [item(1, 2, "10.00"), item(2, 1, "5.00")], [deal(1, Percent(1000))], by=delivery("4.00")
    )

    assert figures.listed == Decimal("25.00")
    assert figures.goods == Decimal("22.50")
    assert figures.discount == Decimal("2.50")
    assert figures.total.gross == Decimal("26.50")


def test_deals_want_a_situation_to_be_judged_by():
    with pytest.raises(ValueError, match="situation"):
        priced([item()], [deal(1, Percent(1000))], situation=None)
