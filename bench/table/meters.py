"""What processes cost, read from /proc: processor time to the nanosecond, memory in megabytes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

PROC = Path("/proc")
EVERY = 0.5


def processor_ms(pid: int) -> float:
    """Of all threads of a process that live. A thread that ended takes its part with it."""
    total = 0
    with suppress(OSError):
        for thread in (PROC / str(pid) / "task").iterdir():
            with suppress(OSError):
                total += int((thread / "schedstat").read_bytes().split()[0])
    return total / 1e6


def children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in (PROC / f"{pid}/task/{pid}/children").read_text().split()]
    return []


def family(pid: int) -> list[int]:
    """A process with all below it."""
    return [pid, *(below for child in children(pid) for below in family(child))]


def backends(database: str) -> list[int]:
    """PostgreSQL's processes that serve this database."""
    found = []
    for folder in PROC.iterdir():
        with suppress(OSError):
            if folder.name.isdigit():
                line = (folder / "cmdline").read_bytes()
                if line.startswith(b"postgres: ") and f" {database} ".encode() in line:
                    found.append(int(folder.name))
    return found


def memory_mb(pids: Iterable[int]) -> tuple[float, float]:
    """The largest resident set, and the sum of proportional ones."""
    largest, shared = 0.0, 0.0
    for pid in pids:
        with suppress(OSError):
            lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
            sizes = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in lines}
            largest, shared = max(largest, sizes["Rss"]), shared + sizes["Pss"]
    return round(largest, 1), round(shared, 1)


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds of the processor."""

    app: float
    database: float

    def __sub__(self, before: "Spent") -> "Spent":
        return Spent(self.app - before.app, self.database - before.database)

    def each(self, count: int) -> "Spent":
        return Spent(self.app / count, self.database / count)

    @property
    def both(self) -> float:
        return self.app + self.database


@dataclass(frozen=True)
class Meter:
    """Reads a web server's workers and the backends of its database.

    A connection is closed after a while and its backend is gone: what it was last seen with counts on.
    """

    master: int
    database: str
    seen: dict[int, float] = field(default_factory=dict)

    def read(self) -> Spent:
        self.seen.update({pid: processor_ms(pid) for pid in backends(self.database)})
        return Spent(sum(map(processor_ms, self.workers())), sum(self.seen.values()))

    def workers(self) -> list[int]:
        return children(self.master)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look often, for as long as connections may come and go."""
        is_over = Event()

        def look() -> None:
            while not is_over.wait(EVERY):
                self.read()

        watcher = Thread(target=look)
        watcher.start()
        try:
            yield
        finally:
            is_over.set()
            watcher.join()
