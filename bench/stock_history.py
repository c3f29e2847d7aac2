"""What a long history of stock costs: python bench/stock_history.py [--sizes 10000,100000,1000000]

Fills a scratch database with that many movements of 1,000 variants at two locations over three years,
and prints for each page and question the median milliseconds, the queries, and how many times the
smallest size's time it takes. Every number is asked for anew; only month ends are kept, as the clock
keeps them in a running shop.
Needs a running PostgreSQL and Valkey (DATABASE_URL and REDIS_URL, or `bench/run.py stock_history`).
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ.setdefault("SECRET_KEY", "only-for-this-measurement")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.models import User  # noqa: E402
from catalog.models import Category, Market, Product, ProductType, TaxClass, Variant  # noqa: E402
from inventory.models import Location, StockItem, StockMovement  # noqa: E402
from inventory.queries.value import value_on  # noqa: E402
from inventory.queries.value_layers import fifo_total, layers  # noqa: E402
from inventory.services import snapshots  # noqa: E402
from shop.demo.seeding.copying import analyze, copy, unhurried  # noqa: E402

DATABASE, SIZES = "bench_stock_history", "10000,100000,1000000"
VARIANTS, RUNS, WARM = 1_000, 9, 2
NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
YEARS = dt.timedelta(days=3 * 365)
# The most queries a page may ask.
MOST_QUERIES = {"stock list": 25, "a variant's page": 40}
FEW_QUERIES = 2
COST = Decimal("4.35")
Kind = StockMovement.Kind
# What happens to a stock item over and over: kind, units on hand, units promised.
CYCLE = (
    (Kind.RECEIPT, 24, 0),
    *((Kind.ALLOCATION, 0, 3), (Kind.SALE, -3, -3)) * 4,
    (Kind.COUNT, -1, 0),
)
COLUMNS = [
    *("stock_item_id", "kind", "on_hand_change", "allocated_change", "value_change", "reason"),
    *("reference", "at"),
]
ADD_UP = """
update inventory_stockitem s set on_hand = m.on_hand, allocated = m.allocated
from (
    select stock_item_id, sum(on_hand_change) as on_hand, sum(allocated_change) as allocated
    from inventory_stockmovement group by stock_item_id
) m where m.stock_item_id = s.id;

insert into inventory_valuation (variant_id, units, value)
select s.variant_id, sum(m.on_hand_change), sum(m.value_change)
from inventory_stockmovement m join inventory_stockitem s on s.id = m.stock_item_id
group by s.variant_id;
"""
FORGET = """
truncate inventory_stockmovement, inventory_stocksnapshot, inventory_valuation cascade;
"""
Figures = dict[str, tuple[float, int]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of movements, smallest first")
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
        items = shelves()
        return report({size: of_size(size, items) for size in sizes})
    finally:
        cache.clear()
        connection.creation.destroy_test_db(before, verbosity=0, keepdb=asked.keep)


@transaction.atomic
def shelves() -> list[int]:
    """The goods, at two locations each. Returns the ids of their stock items."""
    if Variant.objects.exists():
        return list(StockItem.objects.order_by("pk").values_list("pk", flat=True))
    Market.objects.create(code="uk", name="UK", currency="GBP", countries=["GB"])
    standard = TaxClass.objects.create(code="standard", name="Standard")
    kind = ProductType.objects.create(code="piece", name="Piece", tax_class=standard)
    shelf = Category.objects.add_root({"name": "Goods", "slug": "goods", "url_path": "goods"})
    products = Product.objects.bulk_create(
        Product(title=f"Piece {number}", slug=f"piece-{number}", type=kind, category=shelf)
        for number in range(VARIANTS // 4)
    )
    variants = Variant.objects.bulk_create(
        Variant(
            product=products[number // 4],
            sku=f"P-{number:04d}",
            label=f"Size {number % 4}",
            cost=COST,
        )
        for number in range(VARIANTS)
    )
    places = [Location.objects.create(code=code, name=code) for code in ("store", "counter")]
    items = StockItem.objects.bulk_create(
        StockItem(variant=variant, location=place) for variant in variants for place in places
    )
    return [item.pk for item in items]


def of_size(size: int, items: list[int]) -> Figures:
    start = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
    copy(StockMovement, COLUMNS, movements(size, items))
    with connection.cursor() as cursor:
        cursor.execute(ADD_UP)
    kept = snapshots.make(now=NOW)
    analyze()
    took = time.monotonic() - start
    print(f"{size:,} movements, {kept:,} snapshots written in {took:.0f} s", flush=True)
    return measure()


def movements(size: int, items: list[int]) -> Iterator[tuple[Any, ...]]:
    """Item by item in turns, evenly over the years."""
    step = YEARS / size
    for number in range(size):
        kind, on_hand, allocated = CYCLE[number // len(items) % len(CYCLE)]
        changes = (kind, on_hand, allocated, on_hand * COST)
        yield (items[number % len(items)], *changes, "", f"{number}", NOW - YEARS + number * step)


def measure() -> Figures:
    owner, _made = User.objects.get_or_create(
        email="owner@example.com", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(owner)
    variant = Variant.objects.order_by("pk")[VARIANTS // 2]
    day = (NOW - YEARS / 2).date()
    place = Location.objects.earliest("pk")
    asked: dict[str, Callable[[], object]] = {
        "stock list": page(client, reverse("admin:inventory_stockitem_changelist")),
        "a variant's page": page(client, reverse("analytics:stock_variant", args=[variant.sku])),
        "value on a day": lambda: value_on(day, most=50),
        "value of a place": lambda: value_on(day, place, most=50),
        "value yesterday": lambda: value_on(NOW.date() - dt.timedelta(days=1), most=50),
        "first in, first out": fifo_total,
        "layers of a variant": lambda: layers(variant.pk),
    }
    return {name: cost(ask) for name, ask in asked.items()}


def page(client: Client, address: str) -> Callable[[], object]:
    def ask() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address}: {response.status_code}")

    return ask


def cost(ask: Callable[[], object]) -> tuple[float, int]:
    """Median milliseconds and queries, with nothing kept."""
    times = []
    for run in range(WARM + RUNS):
        cache.clear()
        start = time.perf_counter()
        ask()
        if run >= WARM:
            times.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as captured:
        ask()
    return round(statistics.median(times), 1), len(captured)


def report(found: dict[int, Figures]) -> int:
    """Print a line per question and size. Exit code 1 when a page asks more than it may."""
    first = next(iter(found.values()))
    is_good = True
    print(f"{'':22}{'movements':>11}{'ms':>9}{'queries':>9}{'growth':>9}")
    for name in first:
        for size, figures in found.items():
            took, queries = figures[name]
            fine = queries <= MOST_QUERIES.get(name, FEW_QUERIES)
            is_good = is_good and fine
            growth, mark = took / first[name][0], "" if fine else "  over"
            print(f"{name:22}{size:>11,}{took:>9.1f}{queries:>9}{growth:>8.2f}x{mark}")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
