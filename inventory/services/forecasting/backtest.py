"""What every method would have said at earlier ends of the history, and what then happened."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inventory.services.forecasting.methods import Array, Method
from inventory.services.forecasting.seasons import lift, rise

# The column in which each series began.
Ages = npt.NDArray[np.int64]

# Weeks: between two origins, and the least history before one.
STEP, LEAST = 2, 12
ORIGINS = 9


@dataclass(frozen=True, kw_only=True)
class Trial:
    """said and happened at one origin; series that were too young then do not count."""

    said: Array  # methods x series x weeks ahead
    happened: Array  # series x weeks ahead
    counts: Array  # series: 1 or 0


def trials(
    history: Array, *, methods: Mapping[str, Method], ahead: int, weeks: Array, born: Ages
) -> list[Trial]:
    """Newest origin first; none where the history is too short to hold back `ahead` weeks."""
    ends = range(history.shape[1] - ahead, LEAST - 1, -STEP)
    return [
        Trial(
            said=carry_on(
                history[:, :end], methods=methods, ahead=ahead, weeks=weeks[:end], born=born
            ),
            happened=history[:, end : end + ahead],
            counts=(born + 4 <= end).astype(float),
        )
        for end in list(ends)[:ORIGINS]
    ]


def carry_on(
    history: Array, *, methods: Mapping[str, Method], ahead: int, weeks: Array, born: Ages
) -> Array:
    """What every method says, moved by the time of year (methods x series x weeks ahead)."""
    moved = rise(history, ahead, weeks=weeks)
    history = settle(history, born=born)
    return np.stack(
        [
            said if name == "last_year" else lift(said, moved)
            for name, said in ((name, method(history, ahead)) for name, method in methods.items())
        ]
    )


def settle(history: Array, *, born: Ages) -> Array:
    """Weeks before a series began become its mean since then: it was not there to be wanted."""
    before = np.arange(history.shape[1]) < born[:, None]
    lived = np.maximum((~before).sum(axis=1), 1)
    mean = np.where(before, 0, history).sum(axis=1) / lived
    return np.where(before, mean[:, None], history)


def weekly_errors(run: list[Trial]) -> Array:
    """Mean absolute error of a week (methods x series), over the origins that count."""
    return _mean(run, [np.abs(trial.said - trial.happened).mean(axis=2) for trial in run])


def total_errors(run: list[Trial]) -> Array:
    """Mean absolute error of the sum of all weeks ahead: a delivery has to last, not a week."""
    return _mean(run, [np.abs((trial.said - trial.happened).sum(axis=2)) for trial in run])


def _mean(run: list[Trial], errors: list[Array]) -> Array:
    counts = np.stack([trial.counts for trial in run])
    total = sum(error * count for error, count in zip(errors, counts, strict=True))
    return np.asarray(total / np.maximum(counts.sum(axis=0), 1))
