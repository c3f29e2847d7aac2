"""What pages cost as the catalogue grows: python bench/scale.py [--sizes 1000,10000,100000]

Fills a database per size, asks for pages that no cache holds, and prints for each the median
milliseconds, the queries, and how many times the smallest size's time it takes. Long lists have been
read ahead, as the clock does in a running shop. Pages are equal: 24 cards, the same parts around
them. A small catalogue has no page 50: its last full page stands in, and is named.
Needs a running PostgreSQL and Valkey (DATABASE_URL and REDIS_URL, or `bench/run.py scale`).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

HERE = Path(__file__).resolve()
ROOT = HERE.parent.parent
SIZES, RUNS, WARM, PAGE, PER_PAGE = "1000,10000,100000", 15, 3, 50, 24
MOST_QUERIES = 12
# How many times the smallest size's time each page may take.
LIMITS = {"search": 3.0, "suggest": 3.0}
LIMIT = 1.5
FACETS = (
    "finish=gloss&finish=satin&finish=matt"
    "&occasion=everyday&occasion=guests&occasion=holidays&occasion=presents"
    "&workshop=north&workshop=east"
)
Figures = dict[str, tuple[float, int]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of products, smallest first")
    parser.add_argument(
        "--keep", action="store_true", help="leave the databases, and use those left"
    )
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(measure()))
        return 0
    sizes = [int(size) for size in options.sizes.split(",")]
    found = {size: of_size(size, keep=options.keep) for size in sizes}
    return report(found)


def of_size(size: int, *, keep: bool) -> Figures:
    """Fill a database and measure in a process of its own."""
    base, name = os.environ["DATABASE_URL"], f"scale_{size}"
    parts = urlsplit(base)
    environment = {
        **os.environ,
        "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")),
        "SECRET_KEY": "only-for-this-measurement-" + "0123456789" * 4,
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "LOG_LEVEL": "ERROR",
    }
    if not keep or not exists(base, name):
        start = time.monotonic()
        administer(base, "drop database if exists {} with (force)", name)
        administer(base, "create database {}", name)
        for command in (["migrate", "-v0"], ["seed_shop", f"--products={size}", "--orders=0"]):
            subprocess.run(
                [sys.executable, str(ROOT / "manage.py"), *command],
                env=environment, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        print(f"{size:,} products filled in {time.monotonic() - start:.0f} s", flush=True)
    try:
        inside = [sys.executable, str(HERE), "--inside"]
        said = subprocess.run(inside, env=environment, check=True, capture_output=True, text=True)
        return dict(json.loads(said.stdout.splitlines()[-1]))
    finally:
        if not keep:
            administer(base, "drop database if exists {} with (force)", name)


def administer(base: str, statement: str, name: str) -> None:
    with psycopg.connect(
        urlunsplit(urlsplit(base)._replace(path="/postgres")), autocommit=True
    ) as to:
        to.execute(sql.SQL(statement).format(sql.Identifier(name)))


def exists(base: str, name: str) -> bool:
    with psycopg.connect(urlunsplit(urlsplit(base)._replace(path="/postgres"))) as to:
        row = to.execute("select true from pg_database where datname = %s", [name]).fetchone()
    return row is not None


def measure() -> Figures:
    """Ask for every page, with nothing kept but what the clock reads ahead."""
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415 — settings are those of this size

    django.setup()
    from django.conf import settings  # noqa: PLC0415

    # Nothing is collected for a measurement: pages name their static files plainly.
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain
    from django.core.cache import cache  # noqa: PLC0415
    from django.db.models import Count  # noqa: PLC0415

    from catalog.models import Card, Market  # noqa: PLC0415
    from shop.processes import assortment  # noqa: PLC0415

    cache.clear()
    assortment.read_lists_ahead()
    cards = Card.objects.in_market(Market.objects.in_order()[0])
    roots = cards.order_by().values("categories__0").annotate(number=Count("pk"))
    root, number = roots.order_by("-number").values_list("categories__0", "number")[0]
    page = max(2, min(PAGE, number // PER_PAGE))
    made_up = cards.filter(facets__contains=["tag:made-up"]).order_by("product_id")
    slugs = list(made_up.values_list("slug", flat=True)[:: max(1, made_up.count() // 5)])
    pages = {
        "category": [f"/c/{root}/"],
        f"category, page {page}": [f"/c/{root}/?page={page}"],
        "three facets": [f"/c/{root}/?{FACETS}"],
        "search": ["/search/?q=woven+mug", "/search/?q=plate"],
        "suggest": ["/search/suggest/?q=win", "/search/suggest/?q=mug"],
        "product": [f"/p/{slug}/" for slug in slugs],
    }
    return {name: cost(addresses) for name, addresses in pages.items()}


def cost(addresses: list[str]) -> tuple[float, int]:
    """Median milliseconds over the addresses, and the most queries one of them took."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from shop.lib.page_cache import throw_away_pages  # noqa: PLC0415

    client, queries, times = Client(headers={"host": "127.0.0.1"}), 0, []
    for run in range(WARM + RUNS):
        for address in addresses:
            throw_away_pages()
            start = time.perf_counter()
            response = client.get(address)
            if run >= WARM:
                times.append((time.perf_counter() - start) * 1000)
            if response.status_code != 200:
                raise SystemExit(f"{address}: {response.status_code}")
    for address in addresses:
        throw_away_pages()
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        queries = max(queries, len(captured))
    return round(statistics.median(times), 1), queries


def report(found: dict[int, Figures]) -> int:
    """Print a line per page and size. Exit code 1 when a page grows or asks more than it may."""
    first = next(iter(found.values()))
    is_good = True
    print(f"{'page':22}{'products':>10}{'ms':>9}{'queries':>9}{'growth':>9}")
    for place, start in enumerate(first):
        for size, figures in found.items():
            name, (took, queries) = list(figures.items())[place]
            growth = took / first[start][0]
            fine = growth <= LIMITS.get(name, LIMIT) and queries <= MOST_QUERIES
            is_good = is_good and fine
            mark = "" if fine else "  over"
            print(f"{name:22}{size:>10,}{took:>9.1f}{queries:>9}{growth:>8.2f}x{mark}")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
