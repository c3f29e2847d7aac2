from decimal import Decimal

import pytest

from orders.services.pricing import Code, Groups, Percent
from tests.orders.pricing.baskets import MUGS, PLATES, deal, item, priced

THREE_FOR_TWO = deal(1, Groups(2, 1, scope=MUGS))


def discounts(figures):
    return [one.discount for one in figures.items]


@pytest.mark.parametrize(("pieces", "free"), [(1, 0), (2, 0), (3, 1), (5, 1), (6, 2), (8, 2)])
def test_three_for_two(pieces, free):
    figures = priced([item(1, pieces, "12.50")], [THREE_FOR_TWO])

    assert figures.discount == free * Decimal("12.50")


def test_three_for_two_gives_the_cheapest_across_lines():
    cart = [
        item(1, 2, "12.00"),
        item(2, 3, "8.00"),
        item(3, 1, "9.50"),
        item(4, 9, "1", category=2),
    ]

    figures = priced(cart, [THREE_FOR_TWO])

    assert discounts(figures) == [0, Decimal("16.00"), 0, 0]


def test_equal_pieces_are_free_on_the_first_line():
    figures = priced([item(2, 2, "8.00"), item(1, 2, "8.00")], [THREE_FOR_TWO])

    assert {one.item.key: one.discount for one in figures.items} == {1: Decimal("8.00"), 2: 0}


def test_the_second_at_half_price():
    figures = priced([item(1, 3, "9.99")], [deal(1, Groups(1, 1, basis_points=5000))])

    assert figures.discount == Decimal("5.00")


def test_buy_two_mugs_get_a_plate():
    offer = deal(1, Groups(2, 1, scope=MUGS, get_scope=PLATES))
    mugs, plates = item(1, 5, "12.00"), item(2, 3, "20.00", category=2)

    figures = priced([mugs, plates], [offer])

    assert discounts(figures) == [0, Decimal("40.00")]


def test_buy_x_get_y_counts_a_piece_only_once():
    offer = deal(1, Groups(1, 1, get_scope=MUGS))

    figures = priced([item(1, 2, "12.00"), item(2, 1, "20.00", category=2)], [offer])

    # One mug is got for the plate; the other finds nobody to be bought with.
    assert discounts(figures) == [Decimal("12.00"), 0]


def test_pieces_that_are_needed_as_bought_are_not_given_away():
    offer = deal(1, Groups(2, 1, scope=MUGS, get_scope=Groups(1, 1).scope))

    figures = priced([item(1, 2, "3.00"), item(2, 1, "20.00", category=2)], [offer])

    assert discounts(figures) == [0, Decimal("20.00")]


def test_it_applies_at_most_so_many_times():
    figures = priced([item(1, 12, "5.00")], [deal(1, Groups(2, 1, most_times=2))])

    assert figures.discount == Decimal("10.00")


def test_groups_come_off_what_an_earlier_lane_left():
    deals = [deal(1, Percent(5000), lane=0), deal(2, Groups(2, 1), lane=1)]

    figures = priced([item(1, 3, "10.00")], deals)

    assert figures.total.gross == Decimal("10.00")


@pytest.mark.parametrize(
    ("cart", "words"),
    [
        ([item(1, 2)], "Add 1 more piece from mugs and it applies."),
        ([item(1, 1)], "Add 2 more pieces from mugs and it applies."),
    ],
)
def test_it_says_how_many_are_missing(cart, words):
    figures = priced(cart, [THREE_FOR_TWO])

    assert figures.outcomes[0].reason.code == Code.TOO_FEW
    assert figures.outcomes[0].reason.words == words


@pytest.mark.parametrize(
    ("cart", "words"),
    [
        ([item(1, 2)], "Add 1 more piece from plates and it applies."),
        ([item(1, 1), item(2, 1, category=2)], "Add 1 more piece from mugs and it applies."),
        ([item(2, 1, category=2)], "It is for mugs, and there is none of that in your basket."),
    ],
)
def test_it_says_of_which_goods_some_are_missing(cart, words):
    figures = priced(cart, [deal(1, Groups(2, 1, scope=MUGS, get_scope=PLATES))])

    assert figures.outcomes[0].reason.words == words
