import datetime as dt
from dataclasses import replace

import pytest

from orders.services.pricing import (
    AtHours,
    Basket,
    ByChannel,
    ByMethod,
    Code,
    FirstOrder,
    InGroup,
    InMarket,
    InSegment,
    ItemTotal,
    NoOrderFor,
    NthOrder,
    Quantity,
    Situation,
    ToCountry,
)
from tests.orders.pricing.baskets import MUGS, NOW, delivery, item

NOBODY = Situation(now=NOW)
LATELY = NOW - dt.timedelta(days=89)
LONG_AGO = NOW - dt.timedelta(days=90)


def code(condition, situation=NOBODY, cart=(), by=None):
    reason = condition.unmet(Basket(list(cart), by, "GBP"), situation)
    return reason.code if reason else None


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        (FirstOrder(), {"orders": 0}, None),
        (FirstOrder(), {"orders": 1}, Code.NOT_FIRST_ORDER),
        (NthOrder(3), {"orders": 2}, None),
        (NthOrder(3), {"orders": 3}, Code.NOT_NTH_ORDER),
        (NoOrderFor(90), {"orders": 1, "last_order_at": LONG_AGO}, None),
        (NoOrderFor(90), {"orders": 1, "last_order_at": LATELY}, Code.ORDERED_LATELY),
        (NoOrderFor(90), {"orders": 0}, None),
        (InGroup(frozenset({1, 2})), {"groups": frozenset({2, 3})}, None),
        (InGroup(frozenset({1})), {}, Code.NOT_IN_GROUP),
        (InSegment(frozenset({1})), {"segments": frozenset({1})}, None),
        (InSegment(frozenset({1})), {"segments": frozenset({2})}, Code.NOT_IN_SEGMENT),
        (InMarket(frozenset({1})), {"market": 1}, None),
        (InMarket(frozenset({1})), {"market": 2}, Code.NOT_IN_MARKET),
        (ToCountry(frozenset({"GB"})), {"country": "GB"}, None),
        (ToCountry(frozenset({"GB"})), {"country": "FR"}, Code.NOT_TO_COUNTRY),
        (ByChannel(frozenset({"web"})), {}, None),
        (ByChannel(frozenset({"phone"})), {}, Code.NOT_BY_CHANNEL),
        (ByMethod(frozenset({"express"})), {"shipping_method": "express"}, None),
        (ByMethod(frozenset({"express"})), {"shipping_method": "post"}, Code.NOT_BY_METHOD),
    ],
)
def test_conditions_ask_the_situation(condition, facts, expected):
    assert code(condition, replace(NOBODY, **facts)) == expected


@pytest.mark.parametrize(
    "condition",
    [
        FirstOrder(),
        NthOrder(3),
        NoOrderFor(90),
        InMarket(frozenset({1})),
        ToCountry(frozenset({"GB"})),
        ByMethod(frozenset({"express"})),
    ],
)
def test_what_is_not_known_refuses_nothing(condition):
    assert code(condition) is None


def test_the_delivery_that_was_offered_is_the_method():
    by_express = ByMethod(frozenset({"express"}))

    assert code(by_express, by=delivery(code="express")) is None
    assert code(by_express, by=delivery(code="post")) == Code.NOT_BY_METHOD


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (ItemTotal(least=3000), None),
        (ItemTotal(least=3001), Code.TOO_LITTLE),
        (ItemTotal(most=3000), None),
        (ItemTotal(most=2999), Code.TOO_MUCH),
        (ItemTotal(least=2001, scope=MUGS), Code.TOO_LITTLE),
        (Quantity(least=3), None),
        (Quantity(least=4), Code.TOO_FEW),
        (Quantity(most=2), Code.TOO_MANY),
        (Quantity(most=2, scope=MUGS), None),
    ],
)
def test_conditions_measure_the_basket_without_its_gift_cards(condition, expected):
    cart = [
        item(1, 2, "10.00"),
        item(2, 1, "10.00", category=2),
        item(3, 5, "50.00", takes_promotions=False),
    ]

    assert code(condition, cart=cart) == expected


def on(day, hour, minute=0):
    """A moment in the week that begins on Monday 16 November."""
    return replace(NOBODY, now=dt.datetime(2026, 11, 16 + day, hour, minute, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("moment", "holds"),
    [((4, 17), True), ((4, 16, 59), False), ((4, 20), False), ((3, 18), False), ((5, 18), False)],
)
def test_happy_hours(moment, holds):
    friday_evening = AtHours(frozenset({4}), dt.time(17), dt.time(20))

    assert (code(friday_evening, on(*moment)) is None) == holds


@pytest.mark.parametrize(
    ("moment", "holds"),
    [((4, 22), True), ((5, 1, 59), True), ((5, 2), False), ((4, 1), False), ((5, 23), False)],
)
def test_a_night_belongs_to_the_day_it_began_on(moment, holds):
    friday_night = AtHours(frozenset({4}), dt.time(22), dt.time(2))

    assert (code(friday_night, on(*moment)) is None) == holds


@pytest.mark.parametrize(
    ("moment", "holds"), [((4, 0), True), ((4, 23, 59), True), ((5, 0), False)]
)
def test_a_day_without_hours_is_the_whole_day(moment, holds):
    assert (code(AtHours(frozenset({4})), on(*moment)) is None) == holds


def test_hours_without_days_are_of_every_day():
    until_nine = AtHours(end=dt.time(9))

    assert code(until_nine, on(2, 8)) is None
    assert code(until_nine, on(2, 9)) == Code.NOT_AT_THIS_HOUR
