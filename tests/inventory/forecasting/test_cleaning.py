"""Weeks that were not like others."""

import numpy as np
import pytest

from inventory.services.forecasting.cleaning import clean


def week(units, promoted=None, days_out=None):
    history = np.array([units], dtype=float)
    nothing = np.zeros_like(history)
    return clean(
        history,
        promoted=nothing if promoted is None else np.array([promoted], dtype=float),
        days_out=nothing if days_out is None else np.array([days_out], dtype=float),
    )[0]


def test_a_plain_history_stays_as_it_is():
    assert list(week([3, 0, 5])) == [3, 0, 5]


def test_the_days_one_could_buy_stand_for_those_one_could_not():
    # Four units in two days of seven.
    assert list(week([7, 4, 7], days_out=[0, 5, 0])) == [7, 14, 7]


def test_a_week_without_a_day_to_buy_on_becomes_a_usual_one():
    assert week([7, 0, 7], days_out=[0, 7, 0])[1] == pytest.approx(7)


def test_a_promotion_is_taken_down_to_the_level():
    assert week([10, 60, 10], promoted=[0, 60, 0])[1] == pytest.approx(10)


def test_what_sold_beside_a_promotion_stays():
    assert week([10, 60, 10], promoted=[0, 20, 0])[1] == pytest.approx(40)


def test_a_promotion_that_nobody_noticed_raises_nothing():
    assert week([10, 4, 10], promoted=[0, 4, 0])[1] == 4


def test_a_piece_that_was_never_sold_otherwise_keeps_its_mean():
    assert list(week([6, 10], promoted=[6, 10])) == [6, 8]
