"""What matters most, and what is easiest to foresee: ABC and XYZ."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

# Shares of a year's sales value; deviation of a week over its mean.
A_UNTIL, B_UNTIL = 0.80, 0.95
X_UNTIL, Y_UNTIL = 0.5, 1.0


def abc(values: Sequence[float]) -> list[str]:
    """A: the pieces that make up the first 80 % of the value, B: up to 95 %, C: the rest.

    The piece that crosses a bound still belongs to the upper class; no value: C.
    """
    worth = np.asarray(values, dtype=float)
    order = np.argsort(-worth, kind="stable")
    total = worth.sum()
    classes = np.full(len(worth), "C")
    if total > 0:
        before = (np.cumsum(worth[order]) - worth[order]) / total
        names = np.select([before < A_UNTIL, before < B_UNTIL], ["A", "B"], "C")
        classes[order] = np.where(worth[order] > 0, names, "C")
    return [str(name) for name in classes]


def xyz(history: npt.NDArray[np.float64]) -> list[str]:
    """By standard deviation over mean of weekly units: X below a half, Y below one, Z; none: ""."""
    mean = history.mean(axis=1)
    uneven = history.std(axis=1) / np.where(mean > 0, mean, 1)
    names = np.select([mean <= 0, uneven < X_UNTIL, uneven < Y_UNTIL], ["", "X", "Y"], "Z")
    return [str(name) for name in names]
