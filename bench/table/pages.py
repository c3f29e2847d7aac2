"""Which pages are measured, and how: kept ones, fresh ones, and those right after a change."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle
from typing import Any

from bench.table.client import Answer, Client, somewhere
from bench.table.meters import Meter, Spent

BARE_BATCH, KEPT_BATCH, FRESH_BATCH = 120, 120, 16
# Asked for before anything counts: each of eight threads has a connection whose statements are planned
# anew for the first few times, and each process makes its pieces of pages once. A shop runs for days.
WARM = 96
AT_ONCE, SECONDS_AT_ONCE = 8, 1.5
# All lines are gone through so many times: what other guests of a machine do to it lasts for minutes,
# and weighs more on what needs much memory than on the bare page.
GOES = 3
KEPT, FRESH, CHANGED, STAFF = "kept", "fresh", "after a change", "staff"


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of page by its addresses. limit: how often the bare view's cost it may take."""

    name: str
    way: str
    addresses: Sequence[str]
    limit: float | None = None

    @property
    def label(self) -> str:
        return f"{self.name}, {self.way}"


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one line: milliseconds of the processor, of waiting, bytes on the wire and before packing."""

    app: float
    database: float
    bare: float
    ratio: float
    p50: float
    p95: float
    p99: float
    per_second: float
    queries: int
    bytes_sent: int
    bytes_plain: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def pages(found: dict[str, Any], *, most: dict[str, float]) -> Iterator[Page]:
    """The lines of the table. most: limits by kind, as times the bare view's cost."""
    roots = [f"/c/{path}/" for path, _page in found["roots"]]
    deep = [
        f"/c/{path}/?page={max(2, page - back)}"
        for back in range(6)
        for path, page in found["roots"]
    ]
    words = [f"/search/?q={word.replace(' ', '+')}" for word in found["words"]]
    kinds = {
        "home": (["/"], "listing"),
        "category": (roots, "listing"),
        "deep page": (deep, "listing"),
        "three facets": ([f"{root}?{found['facets']}" for root in roots[:4]], "listing"),
        "product": ([f"/p/{slug}/" for slug in found["slugs"]], "product"),
        "search": (words, "listing"),
        "suggest": ([f"/search/suggest/?q={word}" for word in found["begun"]], "listing"),
    }
    for name, (addresses, kind) in kinds.items():
        yield Page(name, KEPT, addresses[:2], most["kept"])
        yield Page(name, FRESH, addresses, most[kind])
    for name in ("home", "category", "product"):
        yield Page(name, CHANGED, kinds[name][0])


@dataclass
class Turns:
    """What a page cost and the bare page beside it, turn by turn, and how long each was waited for."""

    apps: list[float] = field(default_factory=list)
    databases: list[float] = field(default_factory=list)
    bares: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    sent: int = 0

    @property
    def ratio(self) -> float:
        """Turn by turn: what else the machine does weighs on both sides of a turn."""
        turns = zip(self.apps, self.databases, self.bares, strict=True)
        return statistics.median((app + database) / bare for app, database, bare in turns)


@dataclass
class Measuring:
    """One web server, its meter, and how often everything is gone through."""

    port: int
    meter: Meter
    rounds: int
    cookies: dict[str, str]
    number: int = 0

    def __post_init__(self) -> None:
        self.client = Client(self.port)

    def lines(self, wanted: Sequence[Page]) -> Iterator[tuple[Page, Figures]]:
        """The figures of these pages, each measured in several goes."""
        turns = [Turns() for _page in wanted]
        for _go in range(GOES):
            for page, taken in zip(wanted, turns, strict=True):
                self.take(page, taken)
        for page, taken in zip(wanted, turns, strict=True):
            yield page, self.figures(page, taken)

    def take(self, page: Page, turns: Turns) -> None:
        """Ask in turn for the bare page and this one, a part of the rounds."""
        addresses = cycle(page.addresses)
        first = [self._checked(page, next(addresses)) for _time in range(WARM)]
        turns.sent = int(statistics.median(len(one.body) for one in first))
        batch = KEPT_BATCH if page.way == KEPT else FRESH_BATCH
        for _round in range(self.rounds // GOES):
            bare = self.spend(BARE_BATCH, lambda: self._bare(turns.sent)).both
            spent = self.spend(
                batch, lambda: turns.waits.append(self._ask(page, next(addresses)).seconds)
            )
            # The change itself is asked for by the way; it costs what a bare page does.
            turns.apps.append(spent.app - (bare if page.way == CHANGED else 0))
            turns.databases.append(spent.database)
            turns.bares.append(bare)

    def figures(self, page: Page, turns: Turns) -> Figures:
        """The medians of all turns, and what else there is to know of the page."""
        return Figures(
            app=round(statistics.median(turns.apps), 3),
            database=round(statistics.median(turns.databases), 3),
            bare=round(statistics.median(turns.bares), 3),
            ratio=round(turns.ratio, 2),
            **percentiles(turns.waits),
            per_second=self._per_second(page),
            queries=self._queries(page),
            bytes_sent=turns.sent,
            bytes_plain=self._plain(page),
        )

    def spend(self, count: int, ask: Callable[[], object]) -> Spent:
        """What one of so many requests costs."""
        before = self.meter.read()
        for _time in range(count):
            ask()
        return (self.meter.read() - before).each(count)

    def _bare(self, size: int) -> Answer:
        return self.client.get(f"/-/bare/{size}")

    def _checked(self, page: Page, address: str) -> Answer:
        answer = self._ask(page, address)
        if answer.status != 200:
            raise SystemExit(f"{address}: {answer.status} {answer.header('location')}")
        return answer

    def _ask(
        self, page: Page, address: str, client: Client | None = None, **headers: str
    ) -> Answer:
        client = client or self.client
        host = ""
        # Limits count by address; a visitor who reads this much comes from many.
        client.whence = somewhere()
        if page.way == FRESH:
            self.number += 1
            host = f"r{self.number}-{threading.get_ident() % 9973}.localhost"
        if page.way == CHANGED:
            client.get("/-/change")
        if page.way == STAFF:
            client.cookies.update(self.cookies)
        return client.get(address, host=host, **headers)

    def _queries(self, page: Page) -> int:
        """The most that any of its addresses needs."""
        few = page.addresses[:4]
        answers = [self._ask(page, one, **{"X-Bench-Count": "1"}) for one in few]
        return max(int(one.header("x-bench-queries") or 0) for one in answers)

    def _plain(self, page: Page) -> int:
        client = Client(self.port, encodings="identity")
        return len(self._ask(page, page.addresses[0], client).body)

    def _per_second(self, page: Page) -> float:
        """How many get an answer when eight ask at once, from this machine's own processors."""
        counts = [0] * AT_ONCE
        end = time.perf_counter() + SECONDS_AT_ONCE

        def ask(place: int) -> None:
            client = Client(self.port)
            for address in cycle(page.addresses):
                if time.perf_counter() > end:
                    return
                self._ask(page, address, client)
                counts[place] += 1

        start = time.perf_counter()
        at_once(ask, AT_ONCE)
        return round(sum(counts) / (time.perf_counter() - start), 1)


def at_once(work: Callable[[int], object], count: int) -> None:
    threads = [threading.Thread(target=work, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    ranked = sorted(seconds)
    most = len(ranked) - 1
    return {
        f"p{part}": round(ranked[min(most, int(len(ranked) * part / 100))] * 1000, 1)
        for part in (50, 95, 99)
    }
