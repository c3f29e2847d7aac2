"""The crash matrix at length: python bench/chaos.py [--seconds 24] [--shoppers 5] [--blows 3]

Opens a shop of its own in a temporary folder (two minutes), lets shoppers buy by HTTP while one part
after the other dies or the provider fails, waits until nothing is owed any more, and prints for
each: processes killed, orders, clicks that failed and were clicked again, seconds until the last
order was settled, and every promise that is broken. Exit code 1 when one is.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ.setdefault("SECRET_KEY", "only-for-this-measurement")
django.setup()

from tests.running.crash.calm import Calm  # noqa: E402
from tests.running.crash.disasters import MATRIX, TICK, Disaster, buy_through  # noqa: E402
from tests.running.crash.promises import all_broken  # noqa: E402
from tests.running.crash.provider import Provider  # noqa: E402
from tests.running.crash.shoppers import Crowd  # noqa: E402
from tests.running.crash.staff import READY, Staff  # noqa: E402
from tests.running.crash.victims import Victims  # noqa: E402
from tests.running.house import House  # noqa: E402

ROW = "| {:<38} | {:>6} | {:>6} | {:>7} | {:>7} | {}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=24, help="of buying, per row")
    parser.add_argument("--shoppers", type=int, default=5)
    parser.add_argument("--blows", type=int, default=3, help="kills per row")
    parser.add_argument("--only", default="", help="rows whose name contains this")
    options = parser.parse_args()
    rows = [one for one in (Disaster("nothing"), *MATRIX) if options.only in one.name]
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        house.open()
        try:
            return _run(house, rows, options)
        finally:
            house.close()


def _run(house: House, rows: list[Disaster], options: argparse.Namespace) -> int:
    provider, staff = Provider(house), Staff(house)
    staff.run(READY)
    print(ROW.format("what dies", "killed", "orders", "again", "settled", "broken"))
    broken = sum(_row(house, provider, staff, one, options) for one in rows)
    staff.close()
    provider.close()
    return 1 if broken else 0


def _row(
    house: House, provider: Provider, staff: Staff, disaster: Disaster, options: argparse.Namespace
) -> bool:
    crowd, calm = Crowd(house, provider, size=options.shoppers), Calm(house, provider)
    died = buy_through(
        disaster,
        crowd,
        victims=Victims(house),
        provider=provider,
        seconds=options.seconds,
        blows=options.blows,
    )
    house.wait_until_ready(120)
    calm.age_payments()
    staff.run(TICK)
    settled = calm.wait(seconds=300)
    broken = all_broken(house, provider, crowd.purchases)
    if crowd.problems:
        broken["gave up"] = crowd.problems
    print(
        ROW.format(
            disaster.name,
            died,
            len(crowd.purchases),
            crowd.clicks_failed,
            f"{settled:.1f} s",
            broken or 0,
        ),
        flush=True,
    )
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
