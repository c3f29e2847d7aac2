"""Carts against shelves: python bench/stock_races.py [--carts 200] [--units 50] [--processes 1,2,4,8]

Real processes on real PostgreSQL want the same units at two locations. First nothing else happens:
as many carts must order as there are units. Then the same mixed with reservations, cancelled and
sent orders, deliveries and counts. Prints orders and carts per second, and a figure for each
promise: units oversold, deadlocks, waits too long, shoppers blocked by their own reservations, and
sums that do not add up. All of these must be 0; else the exit code is 1.
Needs a running PostgreSQL and Valkey (DATABASE_URL and REDIS_URL, or `bench/run.py stock_races`).
"""

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ.setdefault("SECRET_KEY", "only-for-this-measurement")
django.setup()

from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from inventory.models import Reservation  # noqa: E402
from tests.factories import VariantFactory  # noqa: E402
from tests.factories.shelves import place, put  # noqa: E402
from tests.inventory import stock_sums  # noqa: E402
from tests.inventory.crowd import Crowd, promised  # noqa: E402

PROMISES = ("oversold", "deadlock", "waited too long", "blocked by himself", "sums broken")
ROW = "{:<6} {:>9} {:>6} {:>7} {:>9} {:>9} | {:>8} {:>8} {:>8} {:>8} {:>6}"
HEAD = ROW.format(
    *("", "processes", "carts", "orders", "carts/s", "orders/s"),
    *("oversold", "deadlock", "too long", "blocked", "sums"),
)
PLENTY = 10_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--carts", type=int, default=200)
    parser.add_argument("--units", type=int, default=50, help="of the variant all want")
    parser.add_argument("--processes", default="1,2,4,8")
    options = parser.parse_args()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        print(HEAD)
        broken = sum(
            race(name, is_mixed, int(processes), options)
            for name, is_mixed in (("plain", False), ("mixed", True))
            for processes in options.processes.split(",")
        )
    finally:
        teardown_databases(databases, verbosity=0)
    print("every promise held" if not broken else f"{broken} promises broken")
    return 1 if broken else 0


def race(name: str, is_mixed: bool, processes: int, options: argparse.Namespace) -> int:  # noqa: FBT001
    """One row of the table; returns how many promises were broken."""
    crowd = _crowd(options.units, options.carts, is_mixed=is_mixed, seed=processes)
    happened, seconds = crowd.run(processes)
    on_hand, allocated, reserved = promised()[crowd.scarce]
    happened["oversold"] = max(0, allocated + reserved - on_hand)
    if not is_mixed:
        happened["oversold"] += abs(happened["ordered"] - min(options.units, options.carts))
    happened["sums broken"] = len(stock_sums.wrong()) + Reservation.objects.count()
    _print(name, processes, options.carts, happened, seconds)
    return sum(happened[promise] > 0 for promise in PROMISES)


def _crowd(units: int, carts: int, *, is_mixed: bool, seed: int) -> Crowd:
    """Half of the scarce units at either of two locations, and plenty of two other variants."""
    places = [place("north", 1), place("south", 2)]
    scarce, *others = (VariantFactory() for _ in range(3))
    for share, one in zip((units - units // 2, units // 2), places, strict=True):
        put(scarce, share, one)
        for other in others:
            put(other, PLENTY, one)
    ids = [one.pk for one in places]
    return Crowd(scarce.pk, tuple(o.pk for o in others), tuple(ids), carts, is_mixed, seed)


def _print(name: str, processes: int, carts: int, happened: Counter[str], seconds: float) -> None:
    orders = happened["ordered"]
    speed = (f"{carts / seconds:.0f}", f"{orders / seconds:.0f}")
    print(ROW.format(name, processes, carts, orders, *speed, *(happened[p] for p in PROMISES)))
    told = {what: n for what, n in sorted(happened.items()) if what not in PROMISES and n}
    print(f"       {', '.join(f'{n} {what}' for what, n in told.items())}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
