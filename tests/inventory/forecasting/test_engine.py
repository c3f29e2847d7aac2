"""What is chosen for whom, and how wide the intervals are."""

import numpy as np
import pytest

from inventory.services.forecasting import forecast
from inventory.services.forecasting.methods import SPARSE


def panel(series=60, weeks=60, *, seed=5, mean=20.0):
    """Steady sellers of different sizes."""
    chance = np.random.default_rng(seed)
    return chance.poisson(mean * chance.uniform(0.5, 2, size=(series, 1)), (series, weeks)) * 1.0


def now_and_then(weeks=60, *, every=4, units=6.0):
    history = np.zeros(weeks)
    history[::every] = units
    return history


def test_an_intermittent_series_is_carried_on_by_a_method_for_such():
    history = np.vstack([panel(), now_and_then()])

    outlook = forecast(history)

    assert outlook.pattern[-1] == "intermittent"
    assert outlook.method[-1] in SPARSE
    assert outlook.rate[-1] == pytest.approx(1.5, rel=0.25)


def test_a_steady_series_is_not():
    outlook = forecast(panel())

    assert set(outlook.pattern) == {"smooth"}
    assert not set(outlook.method) & set(SPARSE)


def test_steady_sellers_are_foreseen_about_as_well_as_chance_allows():
    history = panel(weeks=68)

    outlook = forecast(history[:, :60])

    missed = np.abs(outlook.weeks - history[:, 60:]).sum() / history[:, 60:].sum()
    assert missed < 0.25


def test_four_weeks_of_five_lie_within_the_interval():
    history = panel(200, 68)

    outlook = forecast(history[:, :60])

    coming = history[:, 60:]
    held = (np.floor(outlook.low) <= coming) & (coming <= np.ceil(outlook.high))
    assert 0.75 < held.mean() < 0.9


def test_no_interval_goes_below_nothing_or_past_its_own_forecast():
    history = np.vstack([panel(30), now_and_then(), np.zeros(60)])

    outlook = forecast(history)

    assert (outlook.low >= 0).all()
    assert (outlook.low <= outlook.high).all()
    assert outlook.high[-1].max() < 5


def test_what_is_not_yet_known_changes_nothing():
    history = panel(20, 50)
    first = forecast(history[:, :42])

    history[:, 42:] *= 100
    second = forecast(history[:, :42])

    assert (first.weeks == second.weeks).all()


def test_a_week_in_which_the_whole_shop_was_shut_is_no_demand():
    history = panel(40, 50)
    shut = history.copy()
    shut[:, 46] = 0

    ratio = forecast(shut).rate / forecast(history).rate

    assert ratio == pytest.approx(1, abs=0.1)


def test_a_new_piece_is_expected_to_sell_as_since_it_began():
    history = panel(40, 50)
    history[0] = 0
    history[0, -5:] = 30

    outlook = forecast(history)

    assert outlook.pattern[0] == "new"
    assert outlook.rate[0] == pytest.approx(30, rel=0.1)


def test_weeks_without_a_sale_count_once_a_piece_can_be_bought():
    history = panel(40, 50)
    history[0] = 0
    history[0, -4:] = 30
    born = np.zeros(40, dtype=int)

    outlook = forecast(history, born=born)

    assert outlook.rate[0] < 25


def test_a_season_of_last_year_is_expected_again():
    weeks = np.arange(110)
    peak = 1 + 4 * np.exp(-((((weeks - 4) % 52) / 3.0) ** 2))
    history = np.random.default_rng(1).poisson(panel(60, 1) * 1.0 + 10 * peak) * 1.0
    flat = panel(60, 110, mean=30)

    outlook = forecast(np.vstack([history[:, :107], flat[:, :107]]))

    assert outlook.weeks[:60, 1:3].mean() > 1.3 * history[:, 90:104].mean()
    assert outlook.weeks[60:].mean() == pytest.approx(flat.mean(), rel=0.15)


@pytest.mark.parametrize("weeks", [1, 2, 5, 13, 20, 21])
def test_a_shop_that_just_began_gets_forecasts_too(weeks):
    outlook = forecast(panel(3, weeks))

    assert outlook.weeks.shape == (3, 8)
    assert np.isfinite(outlook.sigma).all()
    assert (outlook.sigma > 0).all()
    assert np.isnan(outlook.record.wape).all() == (weeks < 20)


def test_what_never_sold_is_expected_not_to():
    outlook = forecast(np.vstack([panel(20, 40), np.zeros(40)]))

    assert outlook.pattern[-1] == "none"
    assert outlook.rate[-1] == 0
    assert np.isnan(outlook.record.wape[-1])


def test_the_record_tells_how_wrong_it_was():
    outlook = forecast(panel())

    assert (outlook.record.wape < 0.4).all()
    assert (np.abs(outlook.record.bias) < 0.3).all()
    assert outlook.record.mase.mean() < 1
