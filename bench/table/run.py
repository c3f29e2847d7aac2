"""One run of the table: which databases, which lines, in which order."""

import datetime as dt
import os
import platform
import random
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.table import shoppers, verdict
from bench.table.client import Client, somewhere
from bench.table.house import ROOT, House, Stock
from bench.table.meters import Meter, family, memory_mb, processor_ms
from bench.table.pages import FRESH, STAFF, Figures, Measuring, Page, at_once, pages

HELD = "select round(pg_database_size(current_database()) / 1e6)::int"
STAFF_PAGES = {"admin order list": "/admin/orders/order/", "dashboard": "/dashboard/"}
GROWING = ("home", "category", "deep page", "three facets", "product", "search", "suggest")
WORKED_ORDERS, IDLE_WITHIN = 20, 120
OWED = "select count(*) from outbox_message where done_at is null and failed_at is null and due_at <= now()"


@dataclass(frozen=True, slots=True)
class Wish:
    """sizes: numbers of products; the table is of the middle one."""

    sizes: Sequence[int]
    orders: int
    rounds: int
    requests: int
    lines: Sequence[str] = ()

    @property
    def middle(self) -> int:
        return self.sizes[len(self.sizes) // 2]

    def wants(self, name: str) -> bool:
        return not self.lines or any(line in name for line in self.lines)


QUICK = Wish(sizes=(1_000, 10_000), orders=10_000, rounds=15, requests=5_000)
FULL = Wish(sizes=(1_000, 10_000, 100_000), orders=100_000, rounds=21, requests=50_000)


def run(house: House, wish: Wish) -> dict[str, Any]:
    """Measure everything that is wished for; figures as they go to docs/performance.json."""
    stocks = list(_made(house, wish))
    found: dict[str, Any] = {
        "machine": machine(house), "sizes": list(wish.sizes), "products": wish.middle,
        "pages": [], "growth": {}, "rounds": wish.rounds, "database_mb": {},
    }  # fmt: skip
    for stock in stocks:
        found["database_mb"][str(stock.products)] = house.value(stock, HELD)
        _of_size(house, stock, wish, found)
    if any(wish.wants(name) for name in STAFF_PAGES):
        many = Stock(wish.sizes[0], wish.orders)
        house.make(many, out_of=stocks[0])
        held = house.value(many, HELD)
        found["orders"] = {"orders": many.orders, "usual": stocks[0].orders, "database_mb": held}
        _staff(house, many, wish, found)
    found["promises"] = [one.as_json() for one in verdict.promises(found)]
    return found


def _made(house: House, wish: Wish) -> Iterator[Stock]:
    """A database for every size, each out of the one before."""
    smaller = None
    for size in wish.sizes:
        stock = Stock(size)
        house.make(stock, out_of=smaller)
        yield stock
        smaller = stock


def _of_size(house: House, stock: Stock, wish: Wish, found: dict[str, Any]) -> None:
    is_middle = stock.products == wish.middle
    lines_wanted = [name for name in GROWING if wish.wants(name)]
    if not (is_middle or lines_wanted):
        return
    offers = house.inside(stock)
    with house.shop(stock) as pid:
        measuring = Measuring(house.port, Meter(pid, stock.name), wish.rounds, {})
        wanted = [
            page
            for page in pages(offers, most=verdict.MOST)
            if wish.wants(page.name) and (is_middle or _grows(page))
        ]
        for page, figures in measuring.lines(wanted):
            _note(house, page, figures, stock, found)
        if is_middle:
            _shopping(house, measuring, offers, wish, found)
        if is_middle and wish.wants("memory"):
            found["memory"] = _memory(measuring, offers, wish.requests)
            house.say(f"memory: {found['memory']}")
    if is_middle and wish.wants("buying"):
        found["work"] = _work(house, stock, offers)


def _grows(page: Page) -> bool:
    """Whether more products may make it slower."""
    return page.name in GROWING and page.way == FRESH


def _note(house: House, page: Page, figures: Figures, stock: Stock, found: dict[str, Any]) -> None:
    if stock.products == found["products"]:
        line = {"label": page.label, "name": page.name, "way": page.way, "limit": page.limit}
        found["pages"].append(line | figures.as_json())
    if _grows(page):
        found["growth"].setdefault(page.name, {})[str(stock.products)] = figures.ratio
    most = f"  of {page.limit:.1f}" if page.limit else ""
    house.say(
        f"{stock.products:>7,}  {page.label:28}{figures.app:8.2f} +{figures.database:6.2f} ms"
        f"  bare {figures.bare:5.2f}  {figures.ratio:6.1f}x{most}"
    )


def _shopping(
    house: House, measuring: Measuring, offers: dict[str, Any], wish: Wish, found: dict[str, Any]
) -> None:
    if not wish.wants("buying"):
        return
    skus, many = offers["skus"], wish.rounds > QUICK.rounds
    found["buying"] = buying = shoppers.one_by_one(measuring, skus, orders=36)
    house.say(f"guest order: {buying}")
    buying["together"] = []
    for size, orders in ((1, 20), (8, 80 if many else 40), (32, 128 if many else 64)):
        buying["together"].append(shoppers.together(measuring, skus, shoppers=size, orders=orders))
        house.say(f"{buying['together'][-1]}")
    buying["crowd"] = shoppers.crowd(measuring, offers["scarce"], size=200)
    house.say(f"{buying['crowd']}")


def _staff(house: House, stock: Stock, wish: Wish, found: dict[str, Any]) -> None:
    offers = house.inside(stock)
    with house.shop(stock) as pid:
        cookies = {"session": offers["session"]}
        measuring = Measuring(house.port, Meter(pid, stock.name), wish.rounds, cookies)
        for name, address in STAFF_PAGES.items():
            if wish.wants(name):
                page = Page(f"{name} ({stock.orders:,} orders)", STAFF, [address])
                ((_page, figures),) = measuring.lines([page])
                line = {"label": page.name, "name": name, "way": STAFF, "limit": None}
                found["pages"].append(line | figures.as_json())
                house.say(f"{page.name}: {figures}")


def _memory(measuring: Measuring, offers: dict[str, Any], requests: int) -> dict[str, Any]:
    """A mix as a shop sees it: most pages are kept, some are not, some visitors fill a basket."""
    workers = measuring.meter.workers()
    before, _shared = memory_mb(workers)
    each = requests // 4

    def visit(place: int) -> None:
        chance, client = random.Random(place), Client(measuring.port)
        asked = [page for page in pages(offers, most=verdict.MOST) if page.way == FRESH]
        for number in range(each):
            client.whence = somewhere()
            if number % 50 == 0:
                client.cookies.clear()
                sku = chance.choice(offers["skus"])
                client.post("/cart/lines/", {"sku": sku, "quantity": "1"})
                continue
            address = chance.choice(chance.choice(asked).addresses)
            is_fresh = number % 10 == 0
            client.get(address, host=f"m{place}-{number}.localhost" if is_fresh else "")

    at_once(visit, 4)
    largest, shared = memory_mb(workers)
    return {
        "requests": 4 * each, "workers": len(workers), "before_mb": before,
        "largest_mb": largest, "shared_mb": shared,
    }  # fmt: skip


def _work(house: House, stock: Stock, offers: dict[str, Any]) -> dict[str, float]:
    """What an order costs the worker: its mails, its rules, its invoice once the money is there.

    Mails go nowhere here. What is owed from before is worked off first.
    """
    with house.shop(stock) as web, house.worker(stock) as worker:
        measuring = Measuring(house.port, Meter(web, stock.name), 1, {})
        house.inside(stock, "money.py", "0")
        _settle(house, stock, worker)
        _order_and_pay(house, stock, measuring, offers, 2)
        _settle(house, stock, worker)
        before = sum(map(processor_ms, family(worker)))
        _order_and_pay(house, stock, measuring, offers, WORKED_ORDERS)
        _settle(house, stock, worker)
        spent = sum(map(processor_ms, family(worker))) - before
    return {"worker": round(spent / WORKED_ORDERS, 1), "owed": house.value(stock, OWED)}


def _order_and_pay(
    house: House, stock: Stock, measuring: Measuring, offers: dict[str, Any], count: int
) -> None:
    shoppers.together(measuring, offers["skus"], shoppers=1, orders=count)
    house.inside(stock, "money.py", str(count))


def _settle(house: House, stock: Stock, worker: int) -> None:
    """Until nothing is owed and the worker rests."""
    end, calm = time.monotonic() + IDLE_WITHIN, 0
    while calm < 4 and time.monotonic() < end:
        spent = sum(map(processor_ms, family(worker)))
        time.sleep(1)
        is_calm = sum(map(processor_ms, family(worker))) - spent < 30
        calm = calm + 1 if is_calm and not house.value(stock, OWED) else 0


def machine(house: House) -> dict[str, Any]:
    """Where and on what the figures were taken."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = Path("/proc/meminfo").read_text().split()[1]
    where = house.value(Stock(1_000), "show server_version")
    line = ("git", "rev-parse", "--short", "HEAD")
    commit = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    return {
        "date": f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC",
        "processor": names[0] if names else platform.processor(),
        "processors": os.cpu_count(),
        "memory_gb": round(int(memory) / 1_000_000),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "django": version("django"),
        "postgresql": where,
        "commit": commit.stdout.strip(),
        "load": round(os.getloadavg()[0], 1),
    }


def broken(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (one for one in found["promises"] if not one["holds"])
