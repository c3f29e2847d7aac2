"""Which methods to trust for a series: its own backtest, held against that of all of its kind."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inventory.services.forecasting.methods import Array

# A series' own record weighs one, everybody's this much: a record of a few weeks is mostly luck.
OTHERS = 8.0
BEST = 5
# Fewer series than this have no record as a kind.
KIND_FROM = 30

Kinds = npt.NDArray[np.str_]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The best methods of every series, best first (BEST x series, places in the methods)."""

    places: npt.NDArray[np.int64]

    def first(self, names: Sequence[str]) -> list[str]:
        return [names[place] for place in self.places[0]]

    def mean(self, said: Array) -> Array:
        """The mean of the best methods (said: methods x series x weeks)."""
        return np.asarray(np.take_along_axis(said, self.places[:, :, None], axis=0).mean(axis=0))


def choose(errors: Array, *, kinds: Kinds, allowed: npt.NDArray[np.bool_] | None = None) -> Choice:
    """errors: methods x series. allowed, of the same form: methods that suit the series."""
    score = scores(errors, kinds=kinds)
    if allowed is not None:
        score = np.where(allowed, score, np.inf)
    order = np.argsort(score, axis=0, kind="stable")
    fit = BEST if allowed is None else min(BEST, int(allowed.sum(axis=0).min()))
    return Choice(places=order[:fit])


def scores(errors: Array, *, kinds: Kinds) -> Array:
    """Errors relative to the mean of all methods; everybody's record beside the series' own."""
    own = relative(errors)
    score = np.array(own)
    for kind in np.unique(kinds):
        members = kinds == kind
        group = members if members.sum() >= KIND_FROM else np.ones_like(members)
        score[:, members] += OTHERS * _record(errors[:, group], own[:, group])[:, None]
    return score


def relative(errors: Array) -> Array:
    usual = errors.mean(axis=0)
    return np.where(usual > 0, errors / np.where(usual > 0, usual, 1), 1)


def _record(errors: Array, own: Array) -> Array:
    """Half by series, each alike; half by units, where the large ones count."""
    units = errors.sum(axis=1)
    by_units = units / units.mean() if units.any() else np.ones(len(units))
    return np.asarray((own.mean(axis=1) + by_units) / 2)
