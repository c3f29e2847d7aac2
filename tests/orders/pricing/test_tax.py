from decimal import Decimal

import pytest

from orders.models import Order
from orders.services.pricing import Fixed, Percent, Rate, ShippingOff
from orders.services.pricing.tax import RELIEFS
from tests.orders.pricing.baskets import PLATES, deal, delivery, item, priced, rules

D = Decimal


def taxes(figures):
    return [one.amount.tax for one in figures.items]


def test_rounded_lines_are_the_truth_as_in_saleor_12348():
    """Net prices whose tax is rounded up line by line: the sum is of lines, in every figure."""
    cart = [item(key, 1, "10.03") for key in range(1, 11)]

    figures = priced(cart, tax=rules(included=False))

    # 10.03 x 20 % is 2.006: ten lines make 20.10, the whole would make 20.06.
    assert taxes(figures) == [D("2.01")] * 10
    assert figures.total.tax == D("20.10")
    assert figures.total.gross == sum(one.amount.gross for one in figures.items) == D("120.40")


def test_a_discount_spread_over_rounded_lines_keeps_every_sum_as_in_saleor_12348():
    cart = [item(1, 3, "3.33"), item(2, 1, "7.77", tax_class="reduced"), item(3, 7, "0.07")]

    for included in (True, False):
        figures = priced(cart, [deal(1, Fixed(500))], tax=rules(included=included), by=delivery())

        assert figures.discount == D("5.00")
        assert figures.goods == D("18.25") - D("5.00")
        parts = [*(one.amount for one in figures.items), figures.delivery_amount]
        assert figures.total.gross == sum(part.gross for part in parts)
        assert figures.total.net + figures.total.tax == figures.total.gross
        gross, net = figures.view(with_tax=True), figures.view(with_tax=False)
        assert gross.goods + gross.delivery == net.goods + net.delivery + net.tax


def test_mixed_rates_are_taxed_line_by_line_after_the_discount():
    cart = [
        item(1, 1, "120.00"),
        item(2, 1, "105.50", tax_class="reduced"),
        item(3, 1, "9", tax_class="zero"),
    ]

    figures = priced(cart, [deal(1, Percent(5000))])

    assert taxes(figures) == [D("10.00"), D("2.75"), 0]
    assert [one.rate.rate for one in figures.items] == [20, D("5.5"), 0]


@pytest.mark.parametrize("included", [True, False])
def test_a_hundred_per_cent_off_leaves_nothing_not_even_tax(included):
    cart = [item(1, 3, "5.60"), item(2, 1, "217.26", tax_class="reduced")]
    deals = [deal(1, Percent(10_000)), deal(2, ShippingOff(10_000))]

    figures = priced(cart, deals, tax=rules(included=included), by=delivery(tax_class=""))

    assert (figures.total.net, figures.total.tax, figures.total.gross) == (0, 0, 0)
    assert figures.view(with_tax=True).total == figures.view(with_tax=False).total == 0
    assert len(figures.delivery_shares) == 1


@pytest.mark.parametrize(
    ("currency", "price", "off", "tax"),
    [
        ("JPY", "1999", ["200", "200"], ["300", "300"]),
        ("EUR", "19.99", ["2.00", "2.00"], ["3.00", "3.00"]),
        ("KWD", "19.999", ["2.000", "2.000"], ["3.000", "3.000"]),
    ],
)
def test_currencies_with_no_two_and_three_decimals(currency, price, off, tax):
    cart = [item(1, 1, price), item(2, 1, price)]

    figures = priced(cart, [deal(1, Percent(1000))], currency=currency)

    assert [str(one.discount) for one in figures.items] == off
    assert [str(one.amount.tax) for one in figures.items] == tax
    assert str(figures.total.gross) == str((D(price) - D(off[0])) * 2)


@pytest.mark.parametrize("relief", RELIEFS)
def test_prices_with_tax_lose_it_for_who_pays_none(relief):
    cart = [item(1, 1, "12.00"), item(2, 1, "10.55", tax_class="reduced")]

    figures = priced(cart, [deal(1, Percent(5000))], tax=rules(relief=relief), by=delivery("2.40"))

    assert [one.amount.gross for one in figures.items] == [D("5.00"), D("5.00")]
    assert figures.delivery_amount.gross == D("2.00")
    assert figures.total.tax == 0
    rates = [one.rate for one in figures.items] + [one.rate for one in figures.delivery_shares]
    assert set(rates) == {Rate(str(RELIEFS[relief]), D(0))}
    # On the side prices are entered, as the record keeps it.
    assert figures.discount == D("11.28")
    assert figures.view(with_tax=True).goods == figures.view(with_tax=False).goods == D("10.00")


def test_prices_without_tax_stay_for_who_pays_none():
    figures = priced([item(1, 2, "12.00")], tax=rules(included=False, relief="exempt"))

    assert figures.total.gross == figures.total.net == D("24.00")
    assert figures.items[0].rate.name == "Exempt customer"


def test_reliefs_are_those_of_orders():
    assert {relief: str(name) for relief, name in RELIEFS.items()} == {
        value: str(label) for value, label in Order.Relief.choices
    }


def shares(figures):
    return {one.tax_class: one.amount.gross for one in figures.delivery_shares}


def test_delivery_is_taxed_by_the_share_of_the_goods():
    cart = [
        item(1, 1, "20.00"),
        item(2, 1, "10.00", tax_class="reduced"),
        item(3, 1, "50.00", tax_class="zero", takes_promotions=False),
    ]

    figures = priced(cart, by=delivery("4.00", tax_class=""))

    assert shares(figures) == {"standard": D("2.67"), "reduced": D("1.33")}
    assert figures.delivery_amount.gross == D("4.00")
    assert figures.delivery_amount.tax == D("0.45") + D("0.07")


def test_shares_are_those_of_what_is_paid():
    cart = [item(1, 1, "20.00"), item(2, 1, "20.00", tax_class="reduced", category=2)]

    figures = priced(cart, [deal(1, Fixed(2000, PLATES))], by=delivery("4.00", tax_class=""))

    assert shares(figures) == {"standard": D("4.00")}


def test_where_all_goods_are_free_the_listed_prices_share():
    cart = [item(1, 1, "30.00"), item(2, 1, "10.00", tax_class="reduced")]

    figures = priced(cart, [deal(1, Percent(10_000))], by=delivery("4.00", tax_class=""))

    assert shares(figures) == {"standard": D("3.00"), "reduced": D("1.00")}


def test_delivery_without_goods_is_taxed_at_the_standard_rate_or_the_highest():
    low = {"a": Rate("VAT", D(5)), "b": Rate("VAT", D(9))}

    assert shares(priced([], by=delivery(tax_class=""))) == {"standard": D("3.90")}
    figures = priced([], by=delivery(tax_class=""), tax=rules(rates=low))
    assert shares(figures) == {"b": D("3.90")}


def test_a_delivery_with_a_class_of_its_own_is_taxed_by_it():
    figures = priced([item()], by=delivery("10.55", tax_class="reduced"))

    assert shares(figures) == {"reduced": D("10.55")}
    assert figures.delivery_amount.tax == D("0.55")


def test_delivery_that_is_made_cheaper_is_taxed_on_the_rest():
    figures = priced([item()], [deal(1, ShippingOff(5000))], by=delivery("4.80"))

    assert figures.delivery_amount.tax == D("0.40")
    assert figures.view(with_tax=True).delivery_discount == D("2.40")
    assert figures.view(with_tax=False).delivery_discount == D("2.00")


def test_cheaper_delivery_is_never_shown_as_dearer():
    """A penny less may be split over the rates so that its net is a penny more."""
    cart = [
        item(1, 1, "3.41"),
        item(2, 1, "2.78", tax_class="reduced"),
        item(3, 1, "0.30", tax_class="zero"),
    ]

    figures = priced(cart, [deal(1, ShippingOff(amount=1))], by=delivery("2.91", tax_class=""))

    net = figures.view(with_tax=False)
    assert (net.delivery, net.delivery_discount) == (D("2.59"), 0)
    assert figures.view(with_tax=True).delivery_discount == D("0.01")


def test_a_line_is_shown_with_tax_or_without():
    figures = priced([item(1, 3, "9.99")], [deal(1, Percent(1000))])

    gross, net = (figures.items[0].view(with_tax=with_tax) for with_tax in (True, False))

    assert (gross.unit, gross.listed, gross.amount, gross.discount) == (
        D("9.99"), D("29.97"), D("26.97"), D("3.00"),
    )  # fmt: skip
    assert (net.unit, net.listed, net.amount, net.discount) == (
        D("8.32"), D("24.97"), D("22.47"), D("2.50"),
    )  # fmt: skip
