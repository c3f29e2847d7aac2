"""A sale that too many come to: python bench/flash_sale.py [--shoppers 2000] [--units 100] [--rate 300]

They come within a minute, one after the other at random: each opens the product's page, puts it into
the basket, presses "Checkout", waits in line as the page says, fills in the form within three seconds
and orders. Somebody else looks at the front page ten times a second, before the sale and during it,
and in turns at a bare page of the same processes: what that one loses, the machine has lost.
--rate: so many a minute staff let in; -1: nobody opened a sale, the room has to open by itself.

Opens a shop of its own as production runs it: pages and tills apart, sent there by the expression of
docs/deploy/Caddyfile, and a worker. The crowd runs on the same machine, which it would not otherwise:
its processes yield to the shop's (nice 19). The exit code is 1 when another number was sold than there
was, when an answer broke or did not come, or when the front page took more than twice its quiet p95.
"""

import argparse
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from random import random, uniform
from threading import Event, Thread
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.table.client import Answer, Client
from bench.table.house import ROOT, House, Stock
from bench.table.shoppers import HIDDEN, Shopper, unpacked
from shop.embedded.children import yield_to_others
from shop.lib.turns import take_short_turns

DATA_DIR = ROOT / ".data" / "bench"
SKU, OTHER_SKU = "MW-MUG-INK-450", "MW-MUG-INK-320"
PAGE = "/p/foot-ring-mug/"
PROCESSES, YIELDS = 4, 19
ARRIVE_WITHIN, AT_A_TIME, QUIET_SECONDS, LOOKS_PER_SECOND = 60.0, 8, 20, 10
PROXY = (ROOT / "docs/deploy/Caddyfile").read_text()
TILLS = re.compile(re.findall(r"@tills path_regexp (\S+)", PROXY)[0])
LONGEST = 900
# The front page as it is sent, and Django's least page of as many bytes (bench/wsgi.py).
HOME, BARE = "/", "/-/bare/7600"
ADDED, GO_IN, REFUSED = 302, 204, 409
SOLD = "select count(*) from orders_orderline where sku = 'MW-MUG-INK-450'"
PUT_UP = """
import datetime as dt
from django.utils import timezone
from catalog.models import Variant
from inventory.models import Reservation, StockItem, StockMovement
from inventory.services import reservations, stock
from orders.services import waiting_room
from shop.processes import stocktaking
now = timezone.now()
reservations.sweep(now=now + dt.timedelta(hours=2))
for item in StockItem.objects.filter(variant__sku="{sku}"):
    stocktaking.correct(variant_id=item.variant_id, on_hand=item.allocated + item.safety + {units},
        location=item.location, why=stock.Why(StockMovement.Kind.COUNT, now, reason="count"))
{room}
"""


@dataclass(frozen=True, slots=True)
class Sale(Stock):
    """The shop of a thousand products, in a database that only sales are held in."""

    products: int = 1_000
    per_minute: int | None = None

    @property
    def name(self) -> str:
        return "flash_sale"


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a shopper: a word, seconds in line and until the answer to the order, what broke."""

    word: str
    at: float
    waited: float = 0
    ordering: float = 0
    broken: tuple[int, ...] = ()


class Browser(Client):
    """Asks the server that the proxy would ask, and says when, as the proxy does."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.first, self.broken = port, list[int]()

    def _ask(self, method: str, path: str, *, headers: Mapping[str, str], **more: Any) -> Answer:
        self.port = self.first + bool(TILLS.match(path))
        sent = {"X-Request-Start": f"{time.time() * 1000:.0f}"}
        try:
            answer = super()._ask(method, path, headers={**headers, **sent}, **more)
        except OSError:
            answer = Answer(0, b"", b"", 0)
        self.close()
        if answer.status >= 500 or not answer.status:
            self.broken.append(answer.status)
        return answer


# Seconds that each look took, by page.
Looks = dict[str, list[float]]


def main() -> int:
    words = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=words)
    parser.add_argument("--shoppers", type=int, default=2_000)
    parser.add_argument("--units", type=int, default=100)
    parser.add_argument("--rate", type=int, default=-1)
    parser.add_argument("--data-dir", type=Path, default=DATA_DIR)
    asked = parser.parse_args()
    house = House(asked.data_dir.resolve(), tell)
    sale, usual = Sale(), Stock(1_000)
    try:
        house.open()
        house.make(usual)
        house.make(sale, out_of=usual)
        with house.shop(sale), house.tills(sale), house.worker(sale):
            return hold(house, asked)
    finally:
        house.close()


def hold(house: House, asked: argparse.Namespace) -> int:
    room = "waiting_room.close_room(now=now)"
    if asked.rate >= 0:
        room = f"waiting_room.open_room(per_minute={asked.rate}, now=now)"
    house.manage(Sale(), "shell", "-c", PUT_UP.format(sku=SKU, units=asked.units, room=room))
    before = house.value(Sale(), SOLD)
    share = -(-asked.shoppers // PROCESSES)
    spawned = get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, spawned, step_aside) as pool:
        # So many processes have to be there before the clock is looked at.
        list(pool.map(time.sleep, [1] * PROCESSES))
        # What a process does once when it is new belongs to neither.
        with looking(house.port):
            warm(house.port)
        with looking(house.port) as quiet:
            time.sleep(QUIET_SECONDS)
        start = time.time() + 1
        with looking(house.port) as busy:
            shares = [(house.port, start, share)] * PROCESSES
            came = [one for some in pool.map(crowd, shares) for one in some]
    sold = house.value(Sale(), SOLD) - before
    return report(asked, sold, came, quiet, busy)


def warm(port: int) -> None:
    """Shoppers who buy something else, four for each thread of the tills."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        shoppers = [shopper(port, OTHER_SKU) for _number in range(4 * AT_A_TIME)]
        assert all(pool.map(lambda one: one.buy().status == ADDED, shoppers))


def shopper(port: int, sku: str) -> Shopper:
    one = Shopper(port, sku, page=PAGE)
    one.client = Browser(port)
    return one


def step_aside() -> None:
    """Of a process of the crowd: be a session of its own, and yield to those of the shop."""
    os.setsid()
    yield_to_others(YIELDS)


def report(
    asked: argparse.Namespace, sold: int, came: list[Came], quiet: Looks, busy: Looks
) -> int:
    words = Counter(one.word for one in came)
    broken = Counter(code for one in came for code in one.broken)
    waits = [one.waited for one in came if one.waited]
    arrived = sorted(one.at for one in came)
    took = len(busy[HOME]) / LOOKS_PER_SECOND
    tell(f"{len(came)} shoppers, {asked.units} units, over after {took:.0f} s")
    tell(f"arrived             {len(came) / (arrived[-1] - arrived[0]) * 60:6.0f} a minute")
    tell(f"sold                {sold:6} (counted in the database)")
    for word, times in sorted(words.items()):
        tell(f"{word:19} {times:6}")
    tell(f"waited in line      {len(waits):6}: {spread(waits, 1)} s")
    tell(f"answer to an order         {spread([one.ordering for one in came if one.ordering])} ms")
    tell(f"broken answers      {sum(broken.values()):6} {dict(broken) or ''}")
    ratios = {}
    for name, page in (("home", HOME), ("bare page", BARE)):
        ratios[page] = at(busy[page], 0.95) / at(quiet[page], 0.95)
        tell(f"{name + ', quiet':26} {spread(quiet[page])} ms")
        tell(f"{name + ', in the sale':26} {spread(busy[page])} ms")
        tell(f"{name + ' p95':19} {ratios[page]:6.2f} x its quiet p95")
    good = sold == min(asked.units, asked.shoppers) and not broken and ratios[HOME] <= 2
    return 0 if good else 1


def crowd(share: tuple[int, float, int]) -> list[Came]:
    port, start, size = share
    with ThreadPoolExecutor(size) as pool:
        return list(pool.map(lambda _one: visit(port, start), range(size)))


def visit(port: int, start: float) -> Came:
    """Come, put it into the basket, wait as told, fill in the form, order."""
    one = shopper(port, SKU)
    client = one.client
    time.sleep(max(0.0, start + random() * ARRIVE_WITHIN - time.time()))
    came = time.time()
    client.get(PAGE)
    added = one.add()
    if added.status != ADDED:
        word = "told: none left" if added.status == REFUSED else f"basket {added.status}"
        return Came(word, came, broken=tuple(client.broken))
    page, waited = in_line(client)
    if 'id="checkout"' not in unpacked(page):
        word = "told: sold out" if page.status in (200, ADDED) else f"line {page.status}"
        return Came(word, came, waited, broken=tuple(client.broken))
    time.sleep(uniform(1, 3))
    one.hidden = dict(HIDDEN.findall(unpacked(page)))
    answer = one.place()
    word = {ADDED: "ordered", REFUSED: "refused politely"}.get(answer.status)
    word = word or f"order {answer.status}"
    return Came(word, came, waited, answer.seconds, tuple(client.broken))


def in_line(client: Client) -> tuple[Answer, float]:
    """The checkout, or the page that says why not, and how long it took to get there."""
    came = time.time()
    page = client.get("/checkout/")
    if not page.header("retry-after"):
        return page, 0
    while (wait := page.header("retry-after")) and time.time() - came < LONGEST:
        time.sleep(float(wait) + random())
        page = client.get("/checkout/queue/")
        if page.status == GO_IN:
            page = client.get("/checkout/")
    return page, time.time() - came


@contextmanager
def looking(port: int) -> Iterator[Looks]:
    """Look at the front page and at the bare one from time to time as long as this lasts."""
    seen: Looks = {HOME: [], BARE: []}
    is_over = Event()

    def watch() -> None:
        # Who looks has a machine of his own.
        take_short_turns()
        start = time.monotonic()
        for number in count():
            if is_over.wait(max(0.0, start + number / LOOKS_PER_SECOND / 2 - time.monotonic())):
                return
            page = (HOME, BARE)[number % 2]
            seen[page].append(look(port, page))

    thread = Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


def look(port: int, page: str) -> float:
    client = Client(port)
    answer = client.get(page)
    client.close()
    assert answer.status == 200, answer.status
    return answer.seconds


def spread(seconds: list[float], unit: int = 1000) -> str:
    found = [at(seconds, share) * unit if seconds else 0 for share in (0.5, 0.95, 0.99)]
    return "p50 {:.1f}, p95 {:.1f}, p99 {:.1f}".format(*found)


def at(seconds: list[float], share: float) -> float:
    return sorted(seconds)[int(len(seconds) * share)]


def tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
