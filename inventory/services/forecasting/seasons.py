"""How a week's demand moves with the time of year, as far as the history tells.

With less than a year the coming weeks were never seen. What was sold in the nearest weeks of last
year still says something, the less the farther they are: who bought Christmas ribbon last December
begins to in September.
"""

import numpy as np

from inventory.services.forecasting.methods import YEAR, Array

# Weeks: how far a season reaches, how wide a week of last year is read, how long "now" is.
REACH, WIDTH, NOW = 8.0, 2.0, 6
# Fewer weeks tell no season.
QUARTER = 13
# Logarithms bound below by zero fall less than they rise.
FALLING = 0.5


def rise(history: Array, ahead: int, *, weeks: Array | None = None) -> Array:
    """Logarithm of how much higher than now each coming week is (series x weeks ahead).

    weeks: the number of each column's week, where some are left out; the last is the present.
    """
    if history.shape[1] < QUARTER:
        return np.zeros((len(history), ahead))
    known = np.arange(history.shape[1], dtype=float) if weeks is None else weeks
    coming = known[-1] + 1 + np.arange(ahead)
    logs = np.log1p(history)
    now = _index(logs, known, known[-NOW:]).mean(axis=1, keepdims=True)
    return np.asarray(_index(logs, known, coming) - now)


def lift(levels: Array, rise_of: Array) -> Array:
    """Levels moved by a rise, in the units' logarithm as it was measured."""
    return np.asarray(np.expm1(np.maximum(np.log1p(levels) + rise_of, 0)))


def _index(logs: Array, known: Array, wanted: Array) -> Array:
    anchors = np.maximum(wanted - YEAR, known[0])
    weights = np.exp(-(((known[:, None] - anchors) / WIDTH) ** 2) / 2)
    weights /= weights.sum(axis=0)
    year = logs[:, -YEAR:]
    raw = logs @ weights - year.mean(axis=1, keepdims=True)
    raw *= _signal(raw, year, weights)
    reach = np.exp(-(((anchors - wanted + YEAR) / REACH) ** 2) / 2)
    return np.asarray(np.where(raw > 0, raw, FALLING * raw) * reach)


def _signal(raw: Array, year: Array, weights: Array) -> Array:
    """The share of the spread between series that is more than the noise of single weeks."""
    noise = np.diff(year, axis=1).var() / 2 * (weights**2).sum(axis=0)
    spread = (raw**2).mean(axis=0)
    return np.asarray(np.clip(1 - noise / np.maximum(spread, 1e-9), 0, 1))
