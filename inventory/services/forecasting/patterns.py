"""How a series sells: by the weeks between two sales and the unevenness of their sizes."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from inventory.services.forecasting.methods import Array


class Pattern(StrEnum):
    """The names under which forecasts are kept."""

    SMOOTH = "smooth"
    ERRATIC = "erratic"
    INTERMITTENT = "intermittent"
    LUMPY = "lumpy"
    NEW = "new"
    NONE = "none"


# Where Croston's method begins to be better than smoothing (Syntetos, Boylan, Croston 2005).
SPARSE_FROM, UNEVEN_FROM = 1.32, 0.49
NEW_WEEKS = 8


def classify(history: Array, *, ages: npt.NDArray[np.int64]) -> npt.NDArray[np.str_]:
    """A Pattern for every series. ages: weeks since it can be bought."""
    weeks = np.minimum(ages, history.shape[1])
    interval, unevenness = measures(history, weeks=weeks)
    sparse, uneven = interval >= SPARSE_FROM, unevenness >= UNEVEN_FROM
    cases = [~(history > 0).any(axis=1), weeks < NEW_WEEKS, sparse & uneven, sparse, uneven]
    names = [Pattern.NONE, Pattern.NEW, Pattern.LUMPY, Pattern.INTERMITTENT, Pattern.ERRATIC]
    return np.select(cases, [str(name) for name in names], str(Pattern.SMOOTH))


def measures(history: Array, *, weeks: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """ADI: weeks for each week with a sale; CV²: variance of the sizes of sales over their mean²."""
    sold = history > 0
    sales = np.maximum(sold.sum(axis=1), 1)
    size = history.sum(axis=1) / sales
    variance = np.where(sold, (history - size[:, None]) ** 2, 0).sum(axis=1) / sales
    return weeks / sales, variance / np.maximum(size, 1e-9) ** 2
