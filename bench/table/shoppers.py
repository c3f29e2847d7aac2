"""Guests who buy: one after the other to see what a step costs, many at once to see what is lost."""

import gzip
import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import brotli

from bench.table.client import Answer, Client
from bench.table.pages import BARE_BATCH, Measuring, at_once, percentiles

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
PLACED, REFUSED, FULL = 302, (409, 422), 429
LONGEST_WAIT = 120
_numbers = count(1)
START = f"{time.time():.0f}"


@dataclass
class Shopper:
    """A guest with an address of their own, and the way through the shop: six requests."""

    port: int
    sku: str
    page: str = "/"
    waited: float = 0
    place_seconds: float = 0
    link: str = ""
    hidden: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = Client(self.port)
        self.email = f"bench{START}.{next(_numbers)}@example.com"

    def steps(self) -> dict[str, Callable[[], Answer]]:
        return {
            "product page": lambda: self.client.get(self.page),
            "add to cart": self.add,
            "basket": lambda: self.client.get("/cart/"),
            "checkout": self.open_checkout,
            "place the order": self.place,
            "order's page": lambda: self.client.get(self.link),
        }

    def add(self) -> Answer:
        return self.client.post("/cart/lines/", {"sku": self.sku, "quantity": "1"})

    def open_checkout(self) -> Answer:
        """Wait in the queue where there is one, as a browser does that is told to ask again."""
        start = time.monotonic()
        answer = self.client.get("/checkout/")
        while (wait := answer.header("retry-after")) and time.monotonic() - start < LONGEST_WAIT:
            time.sleep(float(wait))
            answer = self.client.get("/checkout/")
        self.waited = time.monotonic() - start if wait else 0
        self.hidden = dict(HIDDEN.findall(unpacked(answer)))
        return answer

    def place(self) -> Answer:
        kept = {name: self.hidden[name] for name in TOKENS if name in self.hidden}
        answer = self.client.post("/checkout/", {**kept, **ADDRESS, "email": self.email})
        self.place_seconds = answer.seconds
        self.link = answer.header("location")
        return answer

    def buy(self) -> Answer:
        """All of it. The answer to the order, or to what stopped it."""
        for name, step in self.steps().items():
            answer = step()
            if name == "place the order":
                placed = answer
                if answer.status != PLACED:
                    return answer
            elif answer.status >= 400:
                return answer
        self.client.close()
        return placed


TOKENS = ("csrfmiddlewaretoken", "seen_total")
ADDRESS = {
    "name": "Ada Byron",
    "line1": "12 Analytical Row",
    "city": "London",
    "postcode": "N1 9GU",
    "country": "GB",
    "shipping_method": "royal-mail-48",
    "payment_method": "bank_transfer",
}


UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}


def unpacked(answer: Answer) -> str:
    return UNPACK.get(answer.header("content-encoding"), bytes)(answer.body).decode()


# Three for each thread: every connection has planned its statements, as in a shop that runs.
WARMING = 24


def one_by_one(measuring: Measuring, skus: Sequence[str], *, orders: int) -> dict[str, Any]:
    """What each step of an order costs, and all of them; step by step for all, so nothing mixes."""
    found: dict[str, Any] = {}
    shoppers = [Shopper(measuring.port, skus[n % len(skus)]) for n in range(orders)]
    for one in shoppers[:WARMING]:
        _good(one.buy())
    shoppers = shoppers[WARMING:]
    bare = statistics.median(_bare(measuring) for _round in range(3))
    for name in shoppers[0].steps():
        found[name] = _step(measuring, [one.steps()[name] for one in shoppers])
    found["queries"] = _queries(Shopper(measuring.port, skus[0]))
    both = sum(one["app"] + one["database"] for one in found.values() if "app" in one)
    bare = statistics.median([bare, *(_bare(measuring) for _round in range(3))])
    return {"steps": found, "order": round(both, 2), "bare": round(bare, 3)}


def _step(measuring: Measuring, steps: Sequence[Callable[[], Answer]]) -> dict[str, float]:
    waits: list[float] = []
    todo = iter(steps)
    spent = measuring.spend(len(steps), lambda: waits.append(_good(next(todo)()).seconds))
    costs = {"app": round(spent.app, 2), "database": round(spent.database, 2)}
    return costs | percentiles(waits)


def _bare(measuring: Measuring) -> float:
    return measuring.spend(BARE_BATCH, lambda: measuring.client.get("/-/bare/10000")).both


def _good(answer: Answer) -> Answer:
    if answer.status >= 400:
        raise SystemExit(f"buying: {answer.status}\n{unpacked(answer)[:3000]}")
    return answer


def _queries(shopper: Shopper) -> dict[str, int]:
    shopper.client.always["X-Bench-Count"] = "1"
    answers = {name: step() for name, step in shopper.steps().items()}
    return {name: int(one.header("x-bench-queries") or 0) for name, one in answers.items()}


def together(
    measuring: Measuring, skus: Sequence[str], *, shoppers: int, orders: int
) -> dict[str, Any]:
    """So many shoppers who buy one basket after the other, until there are enough orders."""
    waits: list[float] = []
    answers: Counter[int] = Counter()
    todo = iter(range(orders))
    lock = threading.Lock()

    def shop(_place: int) -> None:
        while True:
            with lock:
                number = next(todo, None)
            if number is None:
                return
            one = Shopper(measuring.port, skus[number % len(skus)])
            status = _status(one.buy)
            with lock:
                answers[status] += 1
                waits.append(one.place_seconds)

    before, start = measuring.meter.read(), time.perf_counter()
    with measuring.meter.watching():
        at_once(shop, shoppers)
    took = time.perf_counter() - start
    spent = (measuring.meter.read() - before).each(max(1, answers[PLACED]))
    return {
        "shoppers": shoppers,
        "orders": answers[PLACED],
        "failed": orders - answers[PLACED],
        "per_second": round(answers[PLACED] / took, 1),
        "app": round(spent.app, 1),
        "database": round(spent.database, 1),
        **percentiles(waits),
    }


def _status(ask: Callable[[], Answer]) -> int:
    """0 when the shop did not answer at all."""
    try:
        return ask().status
    except OSError:
        return 0


def crowd(measuring: Measuring, scarce: dict[str, Any], *, size: int) -> dict[str, Any]:
    """All press the button at one moment; there is enough for a few of them."""
    barrier = threading.Barrier(size)
    answers: list[int] = [0] * size
    times: list[float] = [0] * size

    def shop(place: int) -> None:
        one = Shopper(measuring.port, scarce["sku"])
        filled = _status(one.add)
        barrier.wait()
        start = time.perf_counter()
        if filled == PLACED and (opened := _status(one.open_checkout)) != 200:
            answers[place] = opened
        else:
            answers[place] = _status(one.place) if filled == PLACED else filled
        times[place] = time.perf_counter() - start
        one.client.close()

    at_once(shop, size)
    said = Counter(answers)
    return {
        "size": size,
        "units": scarce["units"],
        "sold": said[PLACED],
        "answers": {str(status): number for status, number in sorted(said.items())},
        "broken": sum(number for status, number in said.items() if status >= 500 or not status),
        "seconds": round(max(times), 1),
    }
