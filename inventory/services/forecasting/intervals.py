"""Between what and what four weeks of five lie: from the backtest's own errors.

Errors are measured in the series' usual error and pooled over series of a kind; the shares cut
off at both ends are set so that the intervals would have held as many weeks of the backtest as
they should (in the manner of split conformal prediction).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inventory.services.forecasting.methods import Array

COVERAGE = 0.8
# A series' own errors weigh as many origins as it has, what is usual for its size this many.
USUAL = 3.0


@dataclass(frozen=True, kw_only=True)
class Errors:
    """happened - said of the chosen forecast (origins x series x weeks ahead)."""

    said: Array
    happened: Array
    counts: Array  # origins x series: 1 or 0


def between(
    weeks: Array, *, errors: Errors, kinds: npt.NDArray[np.str_], coverage: float = COVERAGE
) -> tuple[Array, Array]:
    """Low and high of every week ahead (series x weeks), around the forecast `weeks`."""
    low, high = np.zeros_like(weeks), np.array(weeks)
    widths = spreads(weeks, errors=errors, kinds=kinds)
    past = [spreads(said, errors=errors, kinds=kinds) for said in errors.said]
    usual = np.array(past).reshape(errors.counts.shape)
    for kind in np.unique(kinds):
        members = kinds == kind
        down, up = _reach(
            errors.said[:, members],
            errors.happened[:, members],
            widths=usual[:, members],
            counts=errors.counts[:, members],
            coverage=coverage,
        )
        low[members] = np.maximum(weeks[members] + down * widths[members, None], 0)
        high[members] = np.maximum(weeks[members] + up * widths[members, None], low[members])
    return low, high


def spreads(weeks: Array, *, errors: Errors, kinds: npt.NDArray[np.str_]) -> Array:
    """The usual error of a week of every series, in units."""
    own = np.abs(errors.happened - errors.said).mean(axis=2)
    origins = errors.counts.sum(axis=0)
    sums = (own * errors.counts).sum(axis=0)
    size = weeks.mean(axis=1) + 1
    usual = np.array(size)
    for kind in np.unique(kinds):
        counted = (kinds == kind) & (origins > 0)
        if counted.any():
            ratio = np.median(sums[counted] / origins[counted] / size[counted])
            usual[kinds == kind] *= max(ratio, 0.1)
    return np.asarray((sums + USUAL * usual) / (origins + USUAL))


def _reach(
    said: Array, happened: Array, *, widths: Array, counts: Array, coverage: float
) -> tuple[float, float]:
    """How many usual errors the interval goes down and up."""
    counted = counts > 0
    if not counted.any():
        return -1.5, 2.0
    scaled = ((happened - said) / widths[:, :, None])[counted]
    said, happened, width = said[counted], happened[counted], widths[counted][:, None]
    tail, step = 0.25, 0.125
    for _ in range(12):
        down, up = np.quantile(scaled, [tail, 1 - tail])
        held = (happened >= np.floor(np.maximum(said + down * width, 0))) & (
            happened <= said + up * width
        )
        tail += step if held.mean() > coverage else -step
        step /= 2
    return float(down), float(up)
