from decimal import Decimal

import pytest

from orders.services.pricing import (
    Code,
    Fixed,
    Groups,
    InGroup,
    ItemTotal,
    Lane,
    Percent,
    Reason,
    ShippingOff,
)
from tests.orders.pricing.baskets import MUGS, PLATES, deal, delivery, item, priced

FREE_DELIVERY = ShippingOff(basis_points=10_000)


def codes(figures):
    return {outcome.deal.key: outcome.reason.code for outcome in figures.outcomes}


def test_within_a_lane_each_line_goes_to_the_better_deal():
    deals = [deal(1, Percent(1000)), deal(2, Percent(2000, PLATES))]

    figures = priced([item(1), item(2, category=2)], deals)

    assert [[taken.deal for taken in one.taken] for one in figures.items] == [[1], [2]]
    assert codes(figures) == {1: Code.APPLIED, 2: Code.APPLIED}


def test_of_equal_deals_the_lower_key_wins():
    figures = priced([item()], [deal(2, Percent(1000)), deal(1, Fixed(100))])

    assert codes(figures) == {1: Code.APPLIED, 2: Code.LOST}


def test_lanes_run_in_order_on_what_is_left():
    deals = [
        deal(3, Percent(1000), lane=Lane.POST),
        deal(1, Fixed(500), lane=Lane.PRE),
        deal(2, Percent(2000)),
    ]

    figures = priced([item(1, 1, "25.00")], deals)

    amounts = [(taken.deal, taken.amount) for taken in figures.items[0].taken]
    assert amounts == [(1, Decimal("5.00")), (2, Decimal("4.00")), (3, Decimal("1.60"))]


def test_the_better_of_two_deliveries_applies():
    deals = [deal(1, ShippingOff(amount=200)), deal(2, FREE_DELIVERY)]

    figures = priced([item()], deals, by=delivery())

    assert [taken.deal for taken in figures.delivery_taken] == [2]
    assert codes(figures) == {1: Code.LOST, 2: Code.APPLIED}


def test_three_for_two_ten_per_cent_for_members_and_free_delivery_over_60():
    deals = [
        deal(1, Groups(2, 1, scope=MUGS), lane=Lane.PRE),
        deal(2, Percent(1000), lane=Lane.POST, conditions=(InGroup(frozenset({1})),)),
        deal(3, FREE_DELIVERY, conditions=(ItemTotal(least=6000),)),
    ]

    figures = priced([item(1, 3, "12.50"), item(2, 1, "30.00", category=2)], deals, by=delivery())

    assert all(outcome.applies for outcome in figures.outcomes)
    # 67.50 less a mug, less a tenth of the rest, delivered free.
    assert figures.total.gross == Decimal("49.50")


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (1900, {1: Code.APPLIED, 2: Code.APPLIED, 3: Code.EXCLUDED}),
        (2000, {1: Code.APPLIED, 2: Code.APPLIED, 3: Code.EXCLUDED}),
        (2100, {1: Code.EXCLUDED, 2: Code.EXCLUDED, 3: Code.APPLIED}),
    ],
)
def test_an_exclusive_deal_stands_alone_when_it_is_worth_more(points, expected):
    deals = [
        deal(1, Fixed(500), lane=Lane.PRE),
        deal(2, Fixed(500), lane=Lane.POST),
        deal(3, Percent(points), is_exclusive=True),
    ]

    figures = priced([item(1, 1, "50.00")], deals)

    assert codes(figures) == expected


def test_of_equal_exclusive_deals_the_lower_key_applies():
    deals = [deal(key, Percent(1000), is_exclusive=True) for key in (2, 1)]

    figures = priced([item()], deals)

    assert codes(figures) == {1: Code.APPLIED, 2: Code.EXCLUDED}


def test_an_exclusive_deal_that_is_refused_excludes_nothing():
    used_up = deal(1, Percent(9000), is_exclusive=True, refusal=Reason(Code.USED_UP))

    figures = priced([item()], [used_up, deal(2, Percent(1000))])

    assert codes(figures) == {1: Code.USED_UP, 2: Code.APPLIED}


def test_the_first_condition_that_fails_is_the_reason():
    conditions = (ItemTotal(least=500), InGroup(frozenset({9})), ItemTotal(least=9900))

    figures = priced([item()], [deal(1, Percent(1000), conditions=conditions)])

    assert codes(figures) == {1: Code.NOT_IN_GROUP}


def test_a_gift_is_a_line_at_nothing():
    figures = priced([item()], [deal(1, gifts=(item(-1, 2, "4.50"),), code="GIFT")])

    gift = figures.items[-1]
    assert gift.is_gift
    assert [(taken.amount, taken.code) for taken in gift.taken] == [(Decimal("9.00"), "GIFT")]
    assert gift.amount.gross == 0
    assert figures.total.gross == Decimal("10.00")
    assert figures.outcomes[0].amount == figures.discount == Decimal("9.00")
    assert figures.view(with_tax=True).discount == 0


@pytest.mark.parametrize(
    "others",
    [
        {"conditions": (ItemTotal(least=5000),)},
        {"refusal": Reason(Code.SOLD_OUT)},
        {"benefits": (Percent(100),)},
        {"benefits": (Percent(9000, PLATES),)},
    ],
)
def test_no_gift_comes_of_a_deal_that_does_not_apply(others):
    offer = {"conditions": (), "refusal": None, "benefits": ()} | others
    benefits = offer.pop("benefits")
    better = deal(9, Percent(2000))

    figures = priced([item()], [deal(1, *benefits, gifts=(item(-1),), **offer), better])

    assert [one.is_gift for one in figures.items] == [False]


def test_a_gift_comes_beside_free_delivery_even_where_nothing_is_delivered():
    figures = priced([item()], [deal(1, FREE_DELIVERY, gifts=(item(-1),))])

    assert codes(figures) == {1: Code.APPLIED}
    assert figures.items[-1].is_gift


def test_a_gift_is_lost_with_the_cheaper_delivery_it_came_with():
    deals = [deal(1, ShippingOff(amount=100), gifts=(item(-1),)), deal(2, FREE_DELIVERY)]

    figures = priced([item()], deals, by=delivery())

    assert codes(figures) == {1: Code.LOST, 2: Code.APPLIED}
    assert not any(one.is_gift for one in figures.items)


def test_gifts_reach_no_threshold_and_no_other_deal():
    deals = [
        deal(1, gifts=(item(-1, 1, "90.00"),)),
        deal(2, Percent(5000), conditions=(ItemTotal(least=5000),)),
        deal(3, Percent(1000)),
    ]

    figures = priced([item()], deals)

    assert codes(figures) == {1: Code.APPLIED, 2: Code.TOO_LITTLE, 3: Code.APPLIED}
    assert figures.total.gross == Decimal("9.00")


@pytest.mark.parametrize(
    ("benefit", "by", "expected"),
    [
        (FREE_DELIVERY, None, Code.NO_DELIVERY),
        (FREE_DELIVERY, delivery("0"), Code.NOTHING_LEFT),
        (ShippingOff(price=0, methods=frozenset({"express"})), delivery(), Code.NOT_BY_METHOD),
        (Percent(1000, PLATES), None, Code.NOTHING_IN_SCOPE),
        (Fixed(0), None, Code.NOTHING_LEFT),
    ],
)
def test_a_deal_that_takes_nothing_says_why(benefit, by, expected):
    figures = priced([item()], [deal(1, benefit)], by=by)

    assert codes(figures) == {1: expected}
