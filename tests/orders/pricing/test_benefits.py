from decimal import Decimal

import pytest

from orders.services.pricing import (
    Code,
    Fixed,
    FixedEach,
    ItemTotal,
    Measure,
    Percent,
    Scope,
    SetPrice,
    ShippingOff,
    Tier,
    Tiered,
    basis_points,
)
from tests.orders.pricing.baskets import MUGS, PLATES, deal, delivery, item, priced


def discounts(figures):
    return [one.discount for one in figures.items]


def test_per_cents_are_rounded_half_up_on_each_line():
    figures = priced([item(1, 1, "19.99"), item(2, 1, "0.02")], [deal(1, Percent(2500))])

    assert discounts(figures) == [Decimal("5.00"), Decimal("0.01")]


@pytest.mark.parametrize(("percent", "points"), [("10", 1000), ("12.5", 1250), ("33.333", 3333)])
def test_per_cents_are_kept_to_the_hundredth(percent, points):
    assert basis_points(Decimal(percent)) == points


def test_a_cap_is_split_in_proportion():
    figures = priced([item(1, 1, "60.00"), item(2, 1, "40.00")], [deal(1, Percent(5000, cap=1000))])

    assert discounts(figures) == [Decimal("6.00"), Decimal("4.00")]


def test_an_amount_off_is_split_over_the_lines_and_its_parts_add_up():
    thirds = [item(key, 1, "10.00") for key in (1, 2, 3)]

    figures = priced(thirds, [deal(1, Fixed(1000))])

    assert discounts(figures) == [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")]


def test_an_amount_off_never_exceeds_the_goods_in_scope():
    figures = priced(
        [item(1, 1, "7.00"), item(2, 1, "9.00", category=2)], [deal(1, Fixed(1000, MUGS))]
    )

    assert discounts(figures) == [Decimal("7.00"), 0]


def test_an_amount_off_each_piece_stops_at_its_price():
    figures = priced([item(1, 3, "5.00"), item(2, 2, "1.00")], [deal(1, FixedEach(200))])

    assert discounts(figures) == [Decimal("6.00"), Decimal("2.00")]


def test_of_a_limited_number_the_dearest_pieces_are_cheaper():
    figures = priced(
        [item(1, 2, "3.00"), item(2, 2, "9.00")], [deal(1, FixedEach(400, most_units=3))]
    )

    assert discounts(figures) == [Decimal("3.00"), Decimal("8.00")]


def test_pieces_come_down_to_a_set_price_but_never_up():
    figures = priced([item(1, 2, "12.00"), item(2, 1, "8.00")], [deal(1, SetPrice(1000))])

    assert discounts(figures) == [Decimal("4.00"), 0]


@pytest.mark.parametrize(
    ("pieces", "off"), [(2, "0.00"), (3, "1.50"), (5, "2.50"), (6, "6.00"), (10, "10.00")]
)
def test_more_pieces_reach_a_higher_tier(pieces, off):
    tiers = (Tier(6, basis_points=1000), Tier(3, basis_points=500))

    figures = priced([item(1, pieces, "10.00")], [deal(1, Tiered(Measure.QUANTITY, tiers))])

    assert figures.discount == Decimal(off)


@pytest.mark.parametrize(
    ("price", "off"), [("49.99", "0"), ("50.00", "5.00"), ("99.99", "5.00"), ("100.00", "12.00")]
)
def test_more_money_reaches_a_higher_tier(price, off):
    tiers = (Tier(5000, amount=500), Tier(10_000, amount=2000))

    figures = priced([item(1, 1, price)], [deal(1, Tiered(Measure.AMOUNT, tiers, cap=1200))])

    assert figures.discount == Decimal(off)


def test_the_first_tier_says_what_is_missing():
    tiers = (Tier(5000, amount=500),)

    figures = priced([item(1, 1, "42.00")], [deal(1, Tiered(Measure.AMOUNT, tiers))])

    assert figures.outcomes[0].reason.code == Code.TOO_LITTLE
    assert figures.outcomes[0].reason.words == "Spend £8.00 more and it applies."


@pytest.mark.parametrize(
    ("benefit", "charge"),
    [
        (ShippingOff(basis_points=10_000), "0.00"),
        (ShippingOff(basis_points=5000), "1.95"),
        (ShippingOff(amount=150), "2.40"),
        (ShippingOff(amount=990), "0.00"),
        (ShippingOff(price=200), "2.00"),
        (ShippingOff(price=500), "3.90"),
        (ShippingOff(price=0, methods=frozenset({"express"})), "3.90"),
    ],
)
def test_delivery_is_free_or_cheaper(benefit, charge):
    figures = priced([item()], [deal(1, benefit)], by=delivery("3.90"))

    assert figures.delivery_amount.gross == Decimal(charge)
    assert figures.goods == Decimal("10.00")


@pytest.mark.parametrize(("price", "charge"), [("59.99", "3.90"), ("60.00", "0.00")])
def test_delivery_is_free_over_60(price, charge):
    free = deal(1, ShippingOff(basis_points=10_000), conditions=(ItemTotal(least=6000),))

    figures = priced([item(1, 1, price)], [free], by=delivery("3.90"))

    assert figures.delivery_amount.gross == Decimal(charge)


def test_what_a_deal_takes_off_counts_towards_no_threshold():
    deals = [
        deal(1, Percent(5000)),
        deal(2, ShippingOff(basis_points=10_000), conditions=(ItemTotal(least=6000),)),
    ]

    figures = priced([item(1, 1, "60.00")], deals, by=delivery())

    assert figures.total.gross == Decimal("30.00")


def test_benefits_of_one_deal_come_off_one_after_the_other():
    both = deal(1, Percent(5000, MUGS), Fixed(600), ShippingOff(basis_points=10_000))

    figures = priced([item(1, 1, "10.00")], [both], by=delivery())

    assert figures.total.gross == 0
    assert figures.outcomes[0].amount == Decimal("13.90")
    assert [taken.amount for taken in figures.items[0].taken] == [Decimal("10.00")]


def test_a_scope_narrows_by_place_by_answer_and_by_sale():
    scope = Scope(
        products=frozenset({4}),
        categories=frozenset({1}),
        choices=frozenset({7}),
        without_sale=True,
    )
    cart = [
        item(1, choices=frozenset({7})),
        item(2, choices=frozenset({8})),
        item(3, choices=frozenset({7}), is_on_sale=True),
        item(4, choices=frozenset({7}), category=9),
        item(5, choices=frozenset({7}), category=9),
        item(6, choices=frozenset({7}), takes_promotions=False),
    ]

    figures = priced(cart, [deal(1, Percent(1000, scope))])

    assert [one.item.key for one in figures.items if one.discount] == [1, 4]
    assert [one.key for one in cart if scope.holds(one.facts)] == [1, 4]


def test_deals_on_other_goods_say_so():
    figures = priced([item()], [deal(1, Percent(1000, PLATES))])

    assert figures.outcomes[0].reason.code == Code.NOTHING_IN_SCOPE
    assert "plates" in figures.outcomes[0].reason.words
