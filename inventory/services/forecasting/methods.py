"""Ways to carry a history of weekly demand on. All series at once: rows are series, columns weeks.

Every method takes a history (series x weeks, nothing missing) and the weeks ahead, and gives
units a week (series x weeks ahead), never below zero.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Method: TypeAlias = Callable[[Array, int], Array]

YEAR = 52


def average(history: Array, ahead: int, *, weeks: int) -> Array:
    return flat(history[:, -weeks:].mean(axis=1), ahead)


def median(history: Array, ahead: int, *, weeks: int) -> Array:
    return flat(np.median(history[:, -weeks:], axis=1), ahead)


def recent_quantile(history: Array, ahead: int, *, memory: float, share: float = 0.5) -> Array:
    """The value that a share of the weeks stays below, a week weighing less the older it is."""
    age = np.arange(history.shape[1])[::-1]
    weights = np.exp(-age / memory)
    order = np.argsort(history, axis=1)
    reached = np.cumsum(weights[order], axis=1) >= share * weights.sum()
    place = np.take_along_axis(order, reached.argmax(axis=1)[:, None], axis=1)
    return flat(np.take_along_axis(history, place, axis=1)[:, 0], ahead)


def smoothing(history: Array, ahead: int, *, alpha: float) -> Array:
    """Simple exponential smoothing, begun at the mean of the first four weeks."""
    return flat(history @ smoothing_weights(history.shape[1], alpha), ahead)


def log_smoothing(history: Array, ahead: int, *, alpha: float) -> Array:
    """Smoothing of logarithms: a single large order moves it little."""
    level = np.log1p(history) @ smoothing_weights(history.shape[1], alpha)
    return flat(np.expm1(level), ahead)


def root_smoothing(history: Array, ahead: int, *, alpha: float) -> Array:
    level = np.sqrt(history) @ smoothing_weights(history.shape[1], alpha)
    return flat(level**2, ahead)


def smoothing_weights(weeks: int, alpha: float) -> Array:
    """What each week weighs in a smoothed level; they sum to one."""
    start = min(4, weeks)
    later = np.arange(weeks - start)[::-1]
    begin = np.full(start, (1 - alpha) ** (weeks - start) / start)
    return np.concatenate([begin, alpha * (1 - alpha) ** later])


def damped_trend(
    history: Array, ahead: int, *, alpha: float = 0.2, beta: float = 0.1, phi: float = 0.85
) -> Array:
    """Holt's level and trend, the trend fading (Gardner, McKenzie 1985)."""
    level = history[:, :4].mean(axis=1)
    trend = np.zeros(len(history))
    for week in history.T[4:]:
        before = level
        level = alpha * week + (1 - alpha) * (level + phi * trend)
        trend = beta * (level - before) + (1 - beta) * phi * trend
    fading = np.cumsum(phi ** np.arange(1, ahead + 1))
    return np.asarray(np.maximum(level[:, None] + trend[:, None] * fading, 0))


def croston(history: Array, ahead: int, *, alpha: float = 0.1, correction: float = 1.0) -> Array:
    """Size of a sale over the weeks between two, each smoothed where there is one (Croston 1972).

    correction: 1 - alpha / 2 takes its bias out (Syntetos, Boylan 2005: SBA).
    """
    size, gap = _first_sale(history)
    since = np.ones(len(history))
    for week in history.T:
        sold = week > 0
        size = np.where(sold, size + alpha * (week - size), size)
        gap = np.where(sold, gap + alpha * (since - gap), gap)
        since = np.where(sold, 1, since + 1)
    return flat(correction * size / gap, ahead)


def _first_sale(history: Array) -> tuple[Array, Array]:
    """Mean size of a sale and mean weeks from one to the next."""
    sold = (history > 0).sum(axis=1)
    size = history.sum(axis=1) / np.maximum(sold, 1)
    return size, history.shape[1] / np.maximum(sold, 1)


def sba(history: Array, ahead: int, *, alpha: float) -> Array:
    return croston(history, ahead, alpha=alpha, correction=1 - alpha / 2)


def tsb(history: Array, ahead: int, *, alpha: float = 0.1, beta: float = 0.1) -> Array:
    """As Croston, with the chance of a sale smoothed every week, so that what nobody buys any more
    sinks to nothing (Teunter, Syntetos, Babai 2011).
    """
    size, gap = _first_sale(history)
    chance = 1 / gap
    for week in history.T:
        sold = week > 0
        size = np.where(sold, size + alpha * (week - size), size)
        chance = chance + beta * (sold - chance)
    return flat(size * chance, ahead)


def last_year(history: Array, ahead: int) -> Array:
    """The same weeks a year before, each the mean of itself and its neighbours.

    Needs a year and two weeks; with less, the mean of a quarter.
    """
    weeks = history.shape[1]
    if weeks < YEAR + 2:
        return average(history, ahead, weeks=13)
    places = np.arange(weeks, weeks + ahead) - YEAR
    places = np.where(places >= weeks - 1, places - YEAR, places)
    around = places[:, None] + np.array([-1, 0, 1])
    return np.asarray(history[:, np.clip(around, 0, weeks - 1)].mean(axis=2))


def flat(level: Array, ahead: int) -> Array:
    return np.repeat(level[:, None], ahead, axis=1)


# What weeks bring on average: for stock, of which every unit counts.
STEADY: Mapping[str, Method] = {
    "average_4": partial(average, weeks=4),
    "average_8": partial(average, weeks=8),
    "average_13": partial(average, weeks=13),
    "smoothing_10": partial(smoothing, alpha=0.1),
    "smoothing_20": partial(smoothing, alpha=0.2),
    "smoothing_40": partial(smoothing, alpha=0.4),
    "damped_trend": damped_trend,
    "last_year": last_year,
}
SPARSE: Mapping[str, Method] = {
    "croston": croston,
    "sba_10": partial(sba, alpha=0.1),
    "sba_20": partial(sba, alpha=0.2),
    "tsb_10": tsb,
    "tsb_20": partial(tsb, alpha=0.2, beta=0.1),
}
# What half of the weeks stay below: nearest to a single week, deaf to large orders.
ROBUST: Mapping[str, Method] = {
    "median_4": partial(median, weeks=4),
    "median_6": partial(median, weeks=6),
    "median_8": partial(median, weeks=8),
    "median_13": partial(median, weeks=13),
    "recent_median_4": partial(recent_quantile, memory=4),
    "recent_median_7": partial(recent_quantile, memory=7),
    "recent_median_12": partial(recent_quantile, memory=12),
    "recent_low_12": partial(recent_quantile, memory=12, share=0.4),
    "recent_high_7": partial(recent_quantile, memory=7, share=0.6),
    "log_smoothing_8": partial(log_smoothing, alpha=0.08),
    "log_smoothing_15": partial(log_smoothing, alpha=0.15),
    "log_smoothing_25": partial(log_smoothing, alpha=0.25),
    "log_smoothing_40": partial(log_smoothing, alpha=0.4),
    "root_smoothing_8": partial(root_smoothing, alpha=0.08),
    "root_smoothing_15": partial(root_smoothing, alpha=0.15),
    "root_smoothing_25": partial(root_smoothing, alpha=0.25),
}
METHODS: Mapping[str, Method] = {**STEADY, **SPARSE, **ROBUST}
