"""How a series sells, by the bounds of Syntetos, Boylan and Croston."""

import numpy as np
import pytest

from inventory.services.forecasting.patterns import classify, measures


def pattern(weeks, *, age=None):
    history = np.array([weeks], dtype=float)
    return str(classify(history, ages=np.array([age or history.shape[1]]))[0])


@pytest.mark.parametrize(
    ("weeks", "name"),
    [
        ([5, 6, 5, 4] * 5, "smooth"),
        ([1, 30, 2, 1] * 5, "erratic"),
        ([5, 0, 0, 5] * 5, "intermittent"),
        ([1, 0, 0, 40] * 5, "lumpy"),
        ([0, 0, 0, 0] * 5, "none"),
    ],
)
def test_a_series_is_called_by_its_gaps_and_its_sizes(weeks, name):
    assert pattern(weeks) == name


def test_a_series_of_few_weeks_is_new_whatever_it_does():
    assert pattern([0] * 15 + [5, 0, 9, 1, 1], age=5) == "new"


def test_the_gap_is_weeks_over_weeks_with_a_sale():
    gap, unevenness = measures(np.array([[2.0, 0, 4, 0, 0, 6]]), weeks=np.array([6]))

    assert gap[0] == 2
    # Mean 4, variance (4 + 0 + 4) / 3 of it squared.
    assert unevenness[0] == pytest.approx(8 / 3 / 16)
