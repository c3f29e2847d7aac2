"""What the order desk costs as orders grow: python bench/order_desk.py [--sizes 10000,100000,1000000]

Fills a scratch database with that many orders of three years (lines, parcels, invoices, events, holds,
calls, returns), asks for the list, its searches and filters, one order's page and the work queue, and
prints for each the median milliseconds, how many of them the database took in one run, the queries, and
how many times the smallest size's time it takes. Of all orders 6 in 1,000 are open, so the queues grow with the shop.
Needs a running PostgreSQL and Valkey (DATABASE_URL and REDIS_URL, or `bench/run.py order_desk`).
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import django

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ.setdefault("SECRET_KEY", "only-for-this-measurement")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from analytics.services import rollups  # noqa: E402
from orders.models import Order  # noqa: E402
from shop.demo.seeding.copying import analyze, unhurried  # noqa: E402
from shop.demo.seeding.many_orders import FORGET, fill  # noqa: E402

DATABASE, SIZES = "bench_order_desk", "10000,100000,1000000"
RUNS, WARM = 5, 2
# The most queries a page may ask.
MOST_QUERIES = {"one order": 75, "work queue": 40, "dashboard": 15, "dashboard, a year": 16}
FEW_QUERIES = 25
# The milliseconds the database may need for a page, however many orders there are.
SLOW = 1_000
Figures = dict[str, tuple[float, float, int]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of orders, smallest first")
    parser.add_argument("--keep", action="store_true", help="leave the database, use one left")
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    # Nothing is collected for a measurement: pages name their static files plainly.
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain
    setup_test_environment()
    before = connection.settings_dict["NAME"]
    connection.settings_dict.setdefault("TEST", {})["NAME"] = DATABASE
    connection.creation.create_test_db(
        verbosity=0, autoclobber=True, serialize=False, keepdb=asked.keep
    )
    try:
        unhurried()
        return report({size: of_size(size) for size in sizes})
    finally:
        cache.clear()
        connection.creation.destroy_test_db(before, verbosity=0, keepdb=asked.keep)


def of_size(size: int) -> Figures:
    start = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
    fill(size)
    analyze()
    # As the clock does it every hour.
    rollups.roll_up(now=timezone.now())
    print(f"{size:,} orders written in {time.monotonic() - start:.0f} s", flush=True)
    return measure(size)


def measure(size: int) -> Figures:
    owner, _made = User.objects.get_or_create(
        email="owner@example.com", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client(headers={"host": "127.0.0.1"})
    sign_in(client, owner)
    some = Order.objects.filter(fulfillment_status="delivered").order_by("pk")[size // 2]
    there = some.fulfilments.get().tracking_number
    looked_for = {
        "number": some.number,
        "e-mail": some.email,
        "part of an e-mail": some.email[:9],
        "name": some.name,
        "SKU": some.lines.order_by("pk")[0].sku,
        "tracking number": there,
        "invoice": some.documents.get().label,
        "phone": some.phone,
        "nothing there": "xylophonist",
    }
    asked = {
        "list": listed(client),
        "list, page 200": listed(client, p=200),
        "list, completed": listed(client, status__exact="completed"),
        "list, by tag": listed(client, tag="vip"),
        "list, to ship": listed(client, view="to-ship"),
        "list, to pick": listed(client, view="to-pick"),
        "list, late": listed(client, view="late"),
        "list, on hold": listed(client, view="on-hold"),
        "list, unpaid": listed(client, view="unpaid"),
        **{f"search, {what}": listed(client, q=words) for what, words in looked_for.items()},
        "Ctrl+K": page(client, f"/admin/search/?{urlencode({'s': some.email, 'extended': 1})}"),
        "one order": page(client, f"/admin/orders/order/{some.pk}/change/"),
        "work queue": page(client, "/admin/"),
        "dashboard": page(client, "/dashboard/"),
        "dashboard, a year": page(client, "/dashboard/?period=year"),
        "orders of a year": page(client, "/dashboard/orders/?period=year"),
    }
    return {name: cost(ask) for name, ask in asked.items()}


def sign_in(client: Client, user: User) -> None:
    """With a password and a code, as the staff site asks."""
    client.force_login(user)
    shown = [{"method": method, "at": time.time()} for method in ("password", "mfa")]
    session = client.session
    session["account_authentication_methods"] = shown
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def listed(client: Client, **query: object) -> Callable[[], object]:
    return page(client, f"/admin/orders/order/?{urlencode(query)}")


def page(client: Client, address: str) -> Callable[[], object]:
    def ask() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address}: {response.status_code}")

    return ask


def cost(ask: Callable[[], object]) -> tuple[float, float, int]:
    """Median milliseconds, those of one run within the database, and queries, with nothing kept."""
    times = []
    for run in range(WARM + RUNS):
        cache.clear()
        start = time.perf_counter()
        ask()
        if run >= WARM:
            times.append((time.perf_counter() - start) * 1000)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        ask()
    within = sum(float(one["time"]) for one in captured) * 1000
    return round(statistics.median(times), 1), round(within, 1), len(captured)


def report(found: dict[int, Figures]) -> int:
    """Print a line per page and size. Exit code 1 when one asks more, or takes longer, than it may."""
    first = next(iter(found.values()))
    is_good = True
    print(f"{'':26}{'orders':>11}{'ms':>9}{'in SQL':>9}{'queries':>9}{'growth':>9}")
    for name in first:
        for size, figures in found.items():
            took, within, queries = figures[name]
            # Where rows are too many to be counted, one more asks how many there may be.
            most = min(MOST_QUERIES.get(name, FEW_QUERIES), first[name][2] + 1)
            fine = queries <= most and within <= SLOW
            is_good = is_good and fine
            growth, mark = took / first[name][0], "" if fine else "  over"
            print(
                f"{name:26}{size:>11,}{took:>9.1f}{within:>9.1f}{queries:>9}{growth:>8.2f}x{mark}"
            )
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
