"""From histories to outlooks: tried, chosen, combined, with what may come beside it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inventory.services.forecasting import backtest, choosing, intervals, patterns, records
from inventory.services.forecasting.backtest import Trial
from inventory.services.forecasting.choosing import Choice
from inventory.services.forecasting.intervals import Errors
from inventory.services.forecasting.methods import METHODS, ROBUST, SPARSE, YEAR, Array
from inventory.services.forecasting.patterns import Pattern

NAMES = tuple(METHODS)
IS_ROBUST = np.array([name in ROBUST for name in NAMES])
# Sellers in a usual week from which on a week without any is one in which the shop was shut.
ALIVE_FROM = 10

Columns = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Of every series: arrays have a row for each, weeks ahead as columns."""

    weeks: Array  # what a single week is near: as many weeks bring more as bring less
    low: Array
    high: Array
    rate: Array  # units that weeks bring on average: what stock is made from
    sigma: Array  # of one week's error of the rate, in units
    pattern: npt.NDArray[np.str_]
    method: list[str]  # the first of those whose mean the rate is
    week_method: list[str]  # the first of those that `weeks` combines
    record: records.Record


def forecast(history: Array, *, ahead: int = 8, born: Columns | None = None) -> Outlook:
    """history: units a week, oldest first (series x weeks). born: the column from which on each
    could be bought; its first sale unless told.
    """
    first = np.where(history.any(axis=1), (history > 0).argmax(axis=1), history.shape[1])
    born = first if born is None else np.minimum(born, first)
    columns = weeks_open(history)
    known, begun = history[:, columns], np.searchsorted(columns, born)
    run = backtest.trials(
        known, methods=METHODS, ahead=ahead, weeks=columns.astype(float), born=begun
    )
    said = backtest.carry_on(
        known, methods=METHODS, ahead=ahead, weeks=columns.astype(float), born=begun
    )
    pattern = patterns.classify(known, ages=len(columns) - begun)
    return _conclude(known, said=said, run=run, pattern=pattern)


def weeks_open(history: Array) -> Columns:
    """The columns in which the shop sold anything; all of them in a shop with few sellers."""
    sellers = (history > 0).sum(axis=0)
    if np.median(sellers) < ALIVE_FROM:
        return np.arange(history.shape[1])
    return np.flatnonzero(sellers)


def _conclude(
    known: Array, *, said: Array, run: list[Trial], pattern: npt.NDArray[np.str_]
) -> Outlook:
    nothing = np.zeros(said.shape[:2])
    near = choosing.choose(backtest.weekly_errors(run) if run else nothing, kinds=pattern)
    sums = choosing.choose(
        backtest.total_errors(run) if run else nothing,
        kinds=pattern,
        allowed=_suited(pattern, weeks=known.shape[1]),
    )
    weeks = _combine(near, said)
    past = [_combine(near, trial.said) for trial in run]
    errors = Errors(
        said=np.array(past).reshape(len(run), *weeks.shape),
        happened=np.array([trial.happened for trial in run]).reshape(len(run), *weeks.shape),
        counts=np.array([trial.counts for trial in run]).reshape(len(run), len(weeks)),
    )
    low, high = intervals.between(weeks, errors=errors, kinds=pattern)
    rate = sums.mean(said).mean(axis=1)
    return Outlook(
        weeks=weeks,
        low=low,
        high=high,
        rate=rate,
        sigma=records.sigma(rate, said=[sums.mean(trial.said) for trial in run], errors=errors),
        pattern=pattern,
        method=sums.first(NAMES),
        week_method=near.first(NAMES),
        record=records.keep(errors, known=known),
    )


def _combine(near: Choice, said: Array) -> Array:
    """Half what did best for the series, half the middle of all robust methods."""
    return np.asarray((near.mean(said) + np.median(said[IS_ROBUST], axis=0)) / 2)


def _suited(pattern: npt.NDArray[np.str_], *, weeks: int) -> npt.NDArray[np.bool_]:
    """Methods for the rate (methods x series): what sells now and then has methods of its own."""
    sparse = np.isin(pattern, [Pattern.INTERMITTENT, Pattern.LUMPY])
    is_sparse = np.array([name in SPARSE for name in NAMES])
    usable = ~IS_ROBUST & np.array([name != "last_year" or weeks >= YEAR + 2 for name in NAMES])
    return np.asarray((is_sparse[:, None] == sparse) & usable[:, None])
