"""A sale that too many come to: python bench/flash_sale.py [--shoppers 2000] [--units 100] [--rate 300]

All shoppers have the same thing in their baskets and press "Checkout" within half a minute; staff have
opened the waiting room. They wait as the page tells them, fill in the form and order. Somebody else
looks at the shop's front page all the time, before the sale and during it. Prints what came of it;
the exit code is 1 when another number was sold than there was, when anything broke, or when the
front page took more than twice its quiet p95. Opens a shop of its own, as production runs it.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import random, uniform
from threading import Event, Thread

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.table.client import Answer, Client
from bench.table.house import House, Stock
from bench.table.shoppers import HIDDEN, Shopper, unpacked

DATA_DIR = Path(__file__).resolve().parent.parent / ".data" / "bench"
SKU = "MW-MUG-INK-450"
PROCESSES = 4
ARRIVE_WITHIN, QUIET_SECONDS, LOOKS_PER_SECOND = 30.0, 20, 5
LONGEST = 900
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

    @property
    def name(self) -> str:
        return "flash_sale"


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a shopper: a word, how long he waited in line, and which answers broke."""

    word: str
    waited: float
    broken: tuple[int, ...]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shoppers", type=int, default=2_000)
    parser.add_argument("--units", type=int, default=100)
    parser.add_argument("--rate", type=int, default=300, help="let in a minute; -1: no sale opened")
    parser.add_argument("--data-dir", type=Path, default=DATA_DIR)
    asked = parser.parse_args()
    house = House(asked.data_dir.resolve(), tell)
    try:
        house.open()
        house.make(Sale(), out_of=Stock(1_000))
        with house.shop(Sale()), house.worker(Sale()):
            return hold(house, asked)
    finally:
        house.close()


def hold(house: House, asked: argparse.Namespace) -> int:
    room = "waiting_room.close_room(now=now)"
    if asked.rate >= 0:
        room = f"waiting_room.open_room(per_minute={asked.rate}, now=now)"
    house.manage(Sale(), "shell", "-c", PUT_UP.format(sku=SKU, units=asked.units, room=room))
    before = house.value(Sale(), SOLD)
    each = -(-asked.shoppers // PROCESSES)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        baskets = [one for some in pool.map(fill, [(house.port, each)] * PROCESSES) for one in some]
        time.sleep(5)
        quiet = [look(house.port) for _look in every(QUIET_SECONDS)]
        start = time.time()
        with looking(house.port) as busy:
            shares = [(house.port, start, baskets[n::PROCESSES]) for n in range(PROCESSES)]
            came = [one for some in pool.map(crowd, shares) for one in some]
    took = time.time() - start
    sold = house.value(Sale(), SOLD) - before
    return report(asked, sold, came, Home(quiet, list(busy), took))


@dataclass(frozen=True, slots=True)
class Home:
    """Seconds that the front page took, while nobody else came and during the sale."""

    quiet: list[float]
    busy: list[float]
    took: float


def report(asked: argparse.Namespace, sold: int, came: list[Came], home: Home) -> int:
    words = Counter(one.word for one in came)
    broken = Counter(code for one in came for code in one.broken)
    waits = sorted(one.waited for one in came)
    quiet, busy = p95(home.quiet), p95(home.busy)
    tell(f"{asked.shoppers} shoppers, {asked.units} units, over in {home.took:.0f} s")
    tell(f"sold                {sold:6} (counted in the database)")
    for word, count in sorted(words.items()):
        tell(f"{word:19} {count:6}")
    tell(
        f"waited in line      {sum(wait > 0 for wait in waits):6}, half of them under "
        f"{waits[len(waits) // 2]:.0f} s, the longest {waits[-1]:.0f} s"
    )
    tell(f"broken answers      {sum(broken.values()):6} {dict(broken) or ''}")
    tell(
        f"home p95            {quiet * 1000:6.0f} ms quiet, {busy * 1000:.0f} ms during: {busy / quiet:.2f}x"
    )
    good = sold == min(asked.units, asked.shoppers) and not broken and busy <= 2 * quiet
    return 0 if good else 1


def fill(share: tuple[int, int]) -> list[dict[str, str]]:
    """Baskets, filled a few at a time before the sale: the cookies of each."""
    port, count = share

    def one(_number: int) -> dict[str, str]:
        client = Client(port)
        answer = client.post("/cart/lines/", {"sku": SKU, "quantity": "1"})
        assert answer.status == 302, answer.status
        client.close()
        return {**client.cookies, "whence": client.whence}

    return [one(number) for number in range(count)]


def crowd(share: tuple[int, float, list[dict[str, str]]]) -> list[Came]:
    port, start, baskets = share
    with ThreadPoolExecutor(len(baskets)) as pool:
        return list(pool.map(lambda kept: visit(port, start, kept), baskets))


def visit(port: int, start: float, kept: dict[str, str]) -> Came:
    """Come, wait as told, fill in the form, order."""
    shopper = Shopper(port, SKU)
    shopper.client.whence = kept["whence"]
    shopper.client.cookies = {name: value for name, value in kept.items() if name != "whence"}
    time.sleep(max(0.0, start + random() * ARRIVE_WITHIN - time.time()))
    came, broken = time.time(), []
    page = look_in(shopper, "/checkout/", broken)
    while (wait := page.header("retry-after")) and time.time() - came < LONGEST:
        time.sleep(float(wait) + random())
        page = look_in(shopper, "/checkout/queue/", broken)
        if page.status == 204:
            page = look_in(shopper, "/checkout/", broken)
    waited = time.time() - came
    if page.status >= 500:
        return Came("lost", waited, tuple(broken))
    if 'id="checkout"' not in unpacked(page):
        return Came("told: sold out", waited, tuple(broken))
    return Came(order(shopper, page, broken), waited, tuple(broken))


def order(shopper: Shopper, page: Answer, broken: list[int]) -> str:
    time.sleep(uniform(1, 3))
    shopper.hidden = dict(HIDDEN.findall(unpacked(page)))
    answer = shopper.place()
    shopper.client.close()
    if answer.status >= 500:
        broken.append(answer.status)
    return {302: "ordered", 409: "refused politely"}.get(answer.status, f"answer {answer.status}")


def look_in(shopper: Shopper, path: str, broken: list[int]) -> Answer:
    answer = shopper.client.get(path)
    shopper.client.close()
    if answer.status >= 500:
        broken.append(answer.status)
    return answer


@contextmanager
def looking(port: int) -> Iterator[list[float]]:
    """Look at the front page from time to time as long as this lasts."""
    seen: list[float] = []
    is_over = Event()

    def watch() -> None:
        for _look in every(LONGEST):
            if is_over.is_set():
                return
            seen.append(look(port))

    thread = Thread(target=watch)
    thread.start()
    yield seen
    is_over.set()
    thread.join()


def every(seconds: float) -> Iterator[int]:
    """Five times a second, for so many seconds."""
    start = time.monotonic()
    for number in range(int(seconds * LOOKS_PER_SECOND)):
        time.sleep(max(0.0, start + number / LOOKS_PER_SECOND - time.monotonic()))
        yield number


def look(port: int) -> float:
    client = Client(port)
    answer = client.get("/")
    client.close()
    assert answer.status == 200, answer.status
    return answer.seconds


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


def tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
