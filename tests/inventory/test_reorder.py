"""Levels of stock worked out by hand."""

import math
from decimal import Decimal

import numpy as np
import pytest

from inventory.queries.lead_times import Delivered
from inventory.services import classes, reorder
from inventory.services.conditions import expected
from inventory.services.reorder import Demand, Lead, Levels, Terms

FORTNIGHT = Lead(days=14)


def levels(weekly=10.0, sigma=4.0, lead=FORTNIGHT, *, service=0.95, review=7, cover=28):
    return reorder.levels(
        demand=Demand(weekly=weekly, sigma=sigma),
        lead=lead,
        terms=Terms(service_level=service, review_days=review, cover_days=cover),
    )


def test_levels_are_lead_demand_and_buffer_and_cover():
    # 1.645 x 4 x sqrt(3 weeks) = 11.4; 2 weeks of 10; 4 weeks of 10.
    assert levels() == Levels(12, 32, 72)


def test_a_supplier_who_comes_when_he_likes_needs_a_larger_buffer():
    # sqrt(3 x 4² + (10 x 3.5 / 7)²) = sqrt(48 + 25); 1.645 times that is 14.05.
    assert levels(lead=Lead(days=14, sigma=3.5)).safety_stock == 15


def test_half_of_the_cycles_need_no_buffer():
    assert levels(service=0.5).safety_stock == 0


def test_a_higher_service_level_costs_stock():
    assert levels(service=0.99).safety_stock == math.ceil(2.3263 * 4 * math.sqrt(3))


def test_what_does_not_sell_needs_nothing():
    assert levels(weekly=0.0, sigma=3.0) == Levels(0, 0, 0)


def test_units_last_as_long_as_they_are_sold():
    assert reorder.days_of_cover(units=15, weekly=Decimal(10)) == Decimal("10.5")
    assert reorder.days_of_cover(units=-3, weekly=Decimal(10)) == 0
    assert reorder.days_of_cover(units=15, weekly=Decimal(0)) is None


def test_a_day_without_stock_loses_a_days_sales():
    assert reorder.lost(days_out=3, weekly=Decimal(14)) == 6


def test_a_promise_is_believed_until_deliveries_tell_otherwise():
    # 3 deliveries of 20 days against a promise of 10 that weighs as three.
    lead = expected(10, Delivered(count=3, mean=20.0, sigma=2.0))

    assert lead.days == 15
    assert lead.sigma == pytest.approx(2)


def test_a_supplier_who_never_delivered_is_a_fifth_uncertain():
    assert expected(10, None) == Lead(days=10, sigma=2)


def test_the_pieces_that_make_most_of_the_sales_are_called_a():
    assert classes.abc([50, 30, 0, 15, 5]) == ["A", "A", "C", "B", "C"]


def test_a_shop_without_sales_has_no_a():
    assert classes.abc([0, 0]) == ["C", "C"]


def test_evenness_is_deviation_over_mean():
    history = np.array([[10, 10, 10, 10], [2, 10, 2, 10], [0, 0, 0, 20], [0, 0, 0, 0]], dtype=float)

    assert classes.xyz(history) == ["X", "Y", "Z", ""]
