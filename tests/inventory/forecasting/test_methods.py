"""Methods against values worked out by hand."""

import numpy as np
import pytest

from inventory.services.forecasting import methods

WEEKS = np.array([[4.0, 0, 2, 6, 8]])


def first(forecast):
    return forecast[0, 0]


def test_an_average_is_of_the_last_weeks_alone():
    assert first(methods.average(WEEKS, 3, weeks=2)) == 7


def test_a_median_does_not_hear_one_large_order():
    weeks = np.array([[3.0, 3, 900, 4, 3]])

    assert first(methods.median(weeks, 1, weeks=5)) == 3


def test_smoothing_begins_at_the_mean_of_four_weeks_and_moves_by_alpha():
    # (4 + 0 + 2 + 6) / 4 = 3, then 3 + 0.5 x (8 - 3)
    assert first(methods.smoothing(WEEKS, 2, alpha=0.5)) == 5.5


def test_smoothing_of_a_history_shorter_than_its_beginning_is_its_mean():
    assert first(methods.smoothing(np.array([[2.0, 4]]), 1, alpha=0.3)) == 3


def test_smoothed_logarithms_give_the_geometric_middle():
    weeks = np.array([[0.0, 3, 0, 3]])

    # Half of the logarithms of 1 and of 4: 2 - 1
    assert first(methods.log_smoothing(weeks, 1, alpha=0.2)) == pytest.approx(1)


def test_smoothed_roots_lie_between_the_mean_and_the_middle():
    weeks = np.array([[0.0, 4, 0, 4]])

    assert first(methods.root_smoothing(weeks, 1, alpha=0.2)) == pytest.approx(1)


def test_croston_divides_the_size_of_a_sale_by_the_weeks_between():
    weeks = np.array([[0.0, 0, 6, 0, 0, 6, 0, 0, 6]])

    assert first(methods.croston(weeks, 1)) == pytest.approx(2)


def test_croston_moves_by_alpha_where_there_is_a_sale_and_nowhere_else():
    weeks = np.array([[4.0, 0, 8]])

    # Size 6, gap 1.5: 6 + 0.5 x (4 - 6) = 5, 1.5 + 0.5 x (1 - 1.5) = 1.25; then 6.5 and 1.625.
    assert first(methods.croston(weeks, 1, alpha=0.5)) == pytest.approx(6.5 / 1.625)


def test_the_approximation_of_syntetos_and_boylan_takes_half_of_alpha_off():
    weeks = np.array([[0.0, 0, 6, 0, 0, 6, 0, 0, 6]])

    assert first(methods.sba(weeks, 1, alpha=0.2)) == pytest.approx(2 * 0.9)


def test_what_nobody_buys_any_more_sinks_with_tsb_and_stays_with_croston():
    weeks = np.array([[5.0, 0, 5, 0, 5, 0] + [0.0] * 20])

    assert first(methods.tsb(weeks, 1)) < 0.25 * first(methods.croston(weeks, 1))


def test_tsb_lowers_the_chance_of_a_sale_every_week_without_one():
    weeks = np.array([[6.0, 0]])

    # Chance 1/2: 0.5 + 0.1 x 0.5 = 0.55, then 0.9 x 0.55; size 6.
    assert first(methods.tsb(weeks, 1)) == pytest.approx(6 * 0.495)


def test_a_trend_fades_instead_of_going_on_for_ever():
    rising = np.arange(1.0, 31)[None, :]

    steps = np.diff(methods.damped_trend(rising, 8)[0])

    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()


def test_a_falling_trend_ends_at_nothing():
    falling = np.array([[60.0, 60, 60, 60, 40, 20, 5, 0, 0]])

    assert methods.damped_trend(falling, 40, alpha=0.5, beta=0.5).min() == 0


def test_last_year_is_read_around_the_same_weeks():
    weeks = np.zeros((1, 60))
    weeks[0, 8] = 9

    # The week after the sixtieth is the ninth of the next year: column 8 and its neighbours.
    assert list(methods.last_year(weeks, 3)[0]) == [3, 3, 0]


@pytest.mark.parametrize("name", methods.METHODS)
@pytest.mark.parametrize("weeks", [1, 3, 20, 70])
def test_every_method_says_something_sane_of_any_history(name, weeks):
    history = np.vstack([np.zeros(weeks), np.ones(weeks), np.arange(weeks) % 3 * 4.0])

    said = methods.METHODS[name](history, 8)

    assert said.shape == (3, 8)
    assert (said >= 0).all()
    assert said[0].max() == 0
    assert said[1] == pytest.approx(1, abs=0.11)
