"""A year of ordering: python bench/replenishment_year.py [--weekly FILE] [--series 200] [--seed 7]

Two shops sell the same pieces to the same buyers for 52 weeks, after a quarter that both have
seen, and are delivered to after the same days. Prints JSON.

forecast  orders by the shop's levels (reorder.levels), made anew every week from what it sold, as
          the nightly job makes them: 14 days to deliver, a week between orders, four weeks' cover.
fixed     a smallest and a largest stock for each piece, set once from the first quarter's mean:
          orders at lead time + buffer, up to four weeks more. The buffer (weeks of the mean) is
          raised until this shop holds no less stock on average than the other.
lean      the other way round: forecast, its service level lowered until it holds no more stock
          than the rule of thumb, fixed_2_weeks (a buffer of two weeks).

stock_out_days: days at whose end a shelf was empty, over all pieces. average_stock: units on the shelf at closing time, all pieces together.
sold: share of what was wanted. What is not there is not bought later.

Demand: with --weekly, each week of a piece is drawn from the seven weeks of the file around the
same part of its history, so levels, trends and seasons stay; else it is generated. Spread over the
days of the week by chance. Deliveries take 14 days, give or take 2.
"""

import argparse
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from forecast_quality import read

from inventory.services import reorder
from inventory.services.forecasting import forecast
from inventory.services.forecasting.cleaning import clean
from inventory.services.reorder import Demand, Lead, Terms

Array = npt.NDArray[np.float64]

DAYS, QUARTER, YEAR = 7, 13, 52
LEAD, COVER = Lead(days=14, sigma=2), 28
SERVICE, LOWER = 0.95, (0.9, 0.85, 0.8, 0.7, 0.6, 0.5)


@dataclass(frozen=True, kw_only=True)
class World:
    """The same for everybody. wanted: series x days; delays: days that an order of a day takes."""

    wanted: Array
    delays: npt.NDArray[np.int64]

    @property
    def first_quarter(self) -> Array:
        return weekly(self.wanted)[:, :QUARTER]


@dataclass(kw_only=True)
class Shop:
    """Stock by day, from the first day after the quarter on."""

    sold: Array
    stock: Array
    was_out: npt.NDArray[np.bool_]
    point: Array
    top: Array
    coming: Array = field(init=False)

    def __post_init__(self) -> None:
        self.coming = np.zeros((self.sold.shape[0], self.sold.shape[1] + 60))


def weekly(days: Array) -> Array:
    return days.reshape(len(days), -1, DAYS).sum(axis=2)


def world(units: Array | None, *, series: int, seed: int) -> World:
    chance = np.random.default_rng(seed)
    weeks = QUARTER + YEAR
    if units is None:
        wanted = generated(chance, series=series, weeks=weeks)
    else:
        wanted = drawn(chance, units[chance.permutation(len(units))[:series]], weeks=weeks)
    days = chance.multinomial(wanted.astype(int), [1 / DAYS] * DAYS).reshape(len(wanted), -1)
    delays = np.clip(np.rint(chance.normal(LEAD.days, LEAD.sigma, days.shape)), 5, 40)
    return World(wanted=days.astype(float), delays=delays.astype(int))


def drawn(chance: np.random.Generator, units: Array, *, weeks: int) -> Array:
    open_weeks = units[:, units.any(axis=0)]
    place = np.linspace(0, open_weeks.shape[1] - 1, weeks)
    near = np.rint(place + chance.integers(-3, 4, (len(units), weeks))).astype(int)
    return np.take_along_axis(open_weeks, np.clip(near, 0, open_weeks.shape[1] - 1), axis=1)


def generated(chance: np.random.Generator, *, series: int, weeks: int) -> Array:
    level = chance.lognormal(2.5, 1, (series, 1))
    drift = np.cumsum(chance.normal(0, 0.06, (series, weeks)), axis=1)
    sells = chance.random((series, weeks)) < chance.uniform(0.4, 1, (series, 1))
    return chance.poisson(level * np.exp(drift) * chance.gamma(2, 0.5, (series, weeks))) * sells


def run(world: World, *, fixed: float | None = None, service: float = SERVICE) -> Shop:
    """fixed: weeks of buffer of the fixed rule; None: by forecasts, for a service level."""
    begin = QUARTER * DAYS
    shop = opened(world, weeks=1 if fixed is None else fixed)
    shelf = shop.top.copy()
    for day in range(begin, world.wanted.shape[1]):
        if fixed is None and day % DAYS == 0:
            shop.point, shop.top = by_forecast(shop, day=day, service=service)
        shelf += shop.coming[:, day]
        shop.sold[:, day] = np.minimum(shelf, world.wanted[:, day])
        shelf -= shop.sold[:, day]
        shop.stock[:, day] = shelf
        shop.was_out[:, day] = shelf <= 0
        order(shop, shelf, day=day, delays=world.delays[:, day])
    return shop


def opened(world: World, *, weeks: float) -> Shop:
    """A shop after the quarter, its shelves full to the fixed rule's largest stock."""
    mean = world.first_quarter.mean(axis=1)
    point = np.ceil(mean * (LEAD.days / DAYS + weeks))
    nothing = np.zeros_like(world.wanted)
    sold = nothing.copy()
    sold[:, : QUARTER * DAYS] = world.wanted[:, : QUARTER * DAYS]
    return Shop(
        sold=sold,
        stock=nothing,
        was_out=nothing > 0,
        point=point,
        top=point + np.ceil(mean * COVER / DAYS),
    )


def order(shop: Shop, shelf: Array, *, day: int, delays: npt.NDArray[np.int64]) -> None:
    position = shelf + shop.coming[:, day + 1 :].sum(axis=1)
    needy = np.flatnonzero((position <= shop.point) & (position < shop.top))
    shop.coming[needy, day + delays[needy]] += shop.top[needy] - position[needy]


def by_forecast(shop: Shop, *, day: int, service: float) -> tuple[Array, Array]:
    """Smallest and largest stock by the shop's own engine, from what it sold until now."""
    sold, out = weekly(shop.sold[:, :day]), weekly(shop.was_out[:, :day].astype(float))
    history = clean(sold, promoted=np.zeros_like(sold), days_out=out)
    outlook = forecast(history, born=np.zeros(len(sold), dtype=int))
    terms = Terms(service_level=service, review_days=7, cover_days=COVER)
    found = [
        reorder.levels(demand=Demand(weekly=rate, sigma=sigma), lead=LEAD, terms=terms)
        for rate, sigma in zip(outlook.rate, outlook.sigma, strict=True)
    ]
    return (
        np.array([one.reorder_point for one in found], dtype=float),
        np.array([one.order_up_to for one in found], dtype=float),
    )


def figures(world: World, shop: Shop) -> dict[str, float]:
    begin = QUARTER * DAYS
    wanted, sold = world.wanted[:, begin:], shop.sold[:, begin:]
    return {
        "stock_out_days": int(shop.was_out[:, begin:].sum()),
        "average_stock": round(float(shop.stock[:, begin:].sum(axis=0).mean()), 1),
        "sold": round(float(sold.sum() / wanted.sum()), 4),
    }


def matched(world: World, stock: float) -> tuple[float, dict[str, float]]:
    """The least buffer, to a quarter of a week, with which the fixed rule holds so much stock."""
    weeks = 0.0
    while True:
        found = figures(world, run(world, fixed=weeks))
        if found["average_stock"] >= stock or weeks > YEAR:
            return weeks, found
        weeks += 0.25


def lean(world: World, stock: float) -> dict[str, float]:
    """The highest service level with which our rule holds no more stock than that."""
    found: dict[str, float] = {}
    for service in LOWER:
        found = {**figures(world, run(world, service=service)), "service_level": service}
        if found["average_stock"] <= stock:
            break
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weekly", type=Path)
    parser.add_argument("--series", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    wish = parser.parse_args()
    units = read(wish.weekly) if wish.weekly else None
    same = world(units, series=wish.series, seed=wish.seed)
    ours = figures(same, run(same))
    weeks, fixed = matched(same, ours["average_stock"])
    thumb = figures(same, run(same, fixed=2))
    told = {
        "pieces": len(same.wanted),
        "forecast": ours,
        "fixed": {**fixed, "buffer_weeks": weeks},
        "lean": lean(same, thumb["average_stock"]),
        "fixed_2_weeks": thumb,
        "fewer_stock_out_days": ours["stock_out_days"] < fixed["stock_out_days"],
        "no_more_stock": ours["average_stock"] <= fixed["average_stock"],
    }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
