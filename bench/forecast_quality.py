"""How good forecasts are: python bench/forecast_quality.py --weekly FILE --horizon 8 [--shift 0]

FILE (csv or csv.gz): a column that names the series, then a column of units for every week. The
last --horizon weeks are held back; the engine of the nightly job sees the rest, and nothing else.
--shift leaves out that many of the last weeks first, to look at an earlier end. Prints JSON.

With e = units - forecast, over every series (SKU) and every held-back week:
wape      sum of |e| / sum of units.
mase      mean over the SKUs of: mean |e| of the SKU / mean |step from one week to the next| in the
          weeks it was forecast from, counted from its first sale on (as in the M5 competition:
          before that nobody could have bought it). SKUs without a step are left out.
mase_all_weeks  the same, the steps counted from the first week of the file on.
coverage_80     share of SKU-weeks whose units lie between low and high (both rounded outwards to
          whole units).
bias      (sum of forecasts - sum of units) / sum of units; rate_bias: the same for the mean rate
          that stock levels are made from. naive: the last week's units for every week ahead.
methods   share of SKUs by the method that did best for single weeks, rate_methods for the rate.
"""

import argparse
import csv
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from inventory.services.forecasting import Outlook, forecast

Array = npt.NDArray[np.float64]


def read(path: Path) -> Array:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        return np.array([[float(units or 0) for units in row[1:]] for row in rows if row])


def figures(train: Array, test: Array, outlook: Outlook) -> dict[str, object]:
    naive = np.repeat(train[:, -1:], test.shape[1], axis=1)
    inside = (np.floor(outlook.low) <= test) & (test <= np.ceil(outlook.high))
    return {
        **errors(train, test, outlook.weeks),
        "coverage_80": round(float(inside.mean()), 4),
        "bias": share(outlook.weeks.sum() - test.sum(), test),
        "rate_bias": share(outlook.rate.sum() * test.shape[1] - test.sum(), test),
        "naive": errors(train, test, naive),
        "methods": shares(outlook.week_method),
        "rate_methods": shares(outlook.method),
        "patterns": shares(list(outlook.pattern)),
    }


def errors(train: Array, test: Array, said: Array) -> dict[str, float]:
    missed = np.abs(test - said)
    steps = np.abs(np.diff(train, axis=1))
    since = np.arange(steps.shape[1]) >= (train > 0).argmax(axis=1)[:, None]
    return {
        "wape": share(missed.sum(), test),
        "mase": against_steps(missed, steps, since),
        "mase_all_weeks": against_steps(missed, steps, np.ones_like(since)),
    }


def against_steps(missed: Array, steps: Array, counted: npt.NDArray[np.bool_]) -> float:
    usual = (steps * counted).sum(axis=1) / np.maximum(counted.sum(axis=1), 1)
    moved = usual > 0
    return round(float((missed[moved].mean(axis=1) / usual[moved]).mean()), 4)


def share(part: float, test: Array) -> float:
    return round(float(part / test.sum()), 4)


def shares(names: Sequence[str]) -> dict[str, float]:
    return {name: round(count / len(names), 3) for name, count in Counter(names).most_common()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weekly", type=Path)
    parser.add_argument("--horizon", type=int, default=8)
    parser.add_argument("--shift", type=int, default=0)
    wish = parser.parse_args()
    if wish.weekly is None:
        print("Measures a file of weekly units: name it with --weekly.")
        return
    units = read(wish.weekly)
    units = units[:, : units.shape[1] - wish.shift]
    train, test = units[:, : -wish.horizon], units[:, -wish.horizon :]
    clock = time.perf_counter()
    outlook = forecast(train, ahead=wish.horizon)
    seconds = round(time.perf_counter() - clock, 2)
    found = {"series": len(units), "weeks": train.shape[1], "held_back": wish.horizon}
    print(json.dumps({**found, "seconds": seconds, **figures(train, test, outlook)}, indent=1))


if __name__ == "__main__":
    main()
