"""What would have been asked for in weeks that were not like others."""

import numpy as np
import numpy.typing as npt

from inventory.services.forecasting.methods import Array

DAYS = 7
# With fewer days to buy on, what was sold says too little of what was wanted.
LEAST_DAYS = 2


def clean(units: Array, *, promoted: Array, days_out: Array) -> Array:
    """Weekly units (series x weeks) as a history for forecasts.

    Days sold out: the days on which one could buy stand for them; a week (nearly) without such a
    day becomes the series' usual week. Promotions: what they sold above the usual week goes, what
    was sold beside them stays.
    """
    open_days = DAYS - days_out
    whole = units * DAYS / np.maximum(open_days, 1)
    unknown = open_days < LEAST_DAYS
    usual = usual_week(whole, plain=(promoted == 0) & ~unknown)
    plain = whole * np.where(units > 0, 1 - promoted / np.maximum(units, 1), 1)
    calm = np.where(promoted > 0, np.minimum(whole, np.maximum(plain, usual)), whole)
    return np.asarray(np.where(unknown, np.maximum(units, usual), calm))


def usual_week(units: Array, *, plain: npt.NDArray[np.bool_]) -> Array:
    """The mean of a week's nearest plain weeks, each weighing half as much four weeks farther off.

    A series without any plain week: the mean of all its weeks.
    """
    column = np.arange(units.shape[1])
    near = 0.5 ** (np.abs(column[:, None] - column) / 4)
    weight = plain @ near
    mean = (units * plain) @ near / np.where(weight > 0, weight, 1)
    return np.asarray(np.where(weight > 0, mean, units.mean(axis=1, keepdims=True)))
