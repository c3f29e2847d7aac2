"""How wrong a forecast was on weeks that were held back from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inventory.services.forecasting.intervals import Errors
from inventory.services.forecasting.methods import Array

# Weeks whose sum is compared: errors of one sign add up over a delivery, chance ones do not.
SPAN = 4
# The usual spread weighs as many origins as this.
USUAL = 3.0


@dataclass(frozen=True, kw_only=True)
class Record:
    """Of every series; nan where nothing was sold in the held-out weeks."""

    wape: Array  # sum of absolute errors / sum of units
    bias: Array  # (sum said - sum of units) / sum of units
    mase: Array  # mean absolute error / that of naive forecasts in the history


def keep(errors: Errors, *, known: Array) -> Record:
    counts = errors.counts[:, :, None]
    missed = (np.abs(errors.happened - errors.said) * counts).sum(axis=(0, 2))
    over = ((errors.said - errors.happened) * counts).sum(axis=(0, 2))
    sold = (errors.happened * counts).sum(axis=(0, 2))
    weeks = errors.counts.sum(axis=0) * errors.said.shape[2]
    steps = naive_error(known)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Record(
            wape=np.where(sold > 0, missed / sold, np.nan),
            bias=np.where(sold > 0, over / sold, np.nan),
            mase=np.where((weeks > 0) & (steps > 0), missed / weeks / steps, np.nan),
        )


def naive_error(history: Array) -> Array:
    """Mean absolute step from a week to the next, from the first sale on; zero without two weeks."""
    steps = np.abs(np.diff(history, axis=1))
    first = np.where(history.any(axis=1), (history > 0).argmax(axis=1), history.shape[1])
    counted = np.arange(steps.shape[1]) >= first[:, None]
    return np.asarray((steps * counted).sum(axis=1) / np.maximum(counted.sum(axis=1), 1))


def sigma(rate: Array, *, said: Sequence[Array], errors: Errors) -> Array:
    """Standard deviation of a week's error, from the errors of the sums of SPAN weeks.

    A series with a short record leans on what is usual for its rate; never below what chance
    makes of single buyers (Poisson).
    """
    chance = np.sqrt(rate)
    if not said:
        return chance
    span = min(SPAN, errors.happened.shape[2])
    missed = (errors.happened - np.array(said))[:, :, :span].sum(axis=2)
    squares = (missed**2 / span * errors.counts).sum(axis=0)
    origins = errors.counts.sum(axis=0)
    usual = np.array(rate + 1)
    counted = origins > 0
    if counted.any():
        usual *= np.median(np.sqrt(squares[counted] / origins[counted]) / usual[counted])
    pooled = (squares + USUAL * usual**2) / (origins + USUAL)
    return np.asarray(np.maximum(np.sqrt(pooled), chance))
