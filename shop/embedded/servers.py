"""PostgreSQL and Valkey as children: how they are started, told apart and stopped."""

import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shop.embedded import paths, postgres, valkey
from shop.embedded.children import Child

RANK = 9


@dataclass(frozen=True)
class Server:
    """What a supervisor needs to know; `prepare` and `answers` take the data folder."""

    child: Child
    prepare: Callable[[Path], None]
    answers: Callable[[Path], bool]


def database(data_dir: Path, *, careless: bool = False) -> Server:
    """Return PostgreSQL; `careless` gives up safety in a power cut for speed."""
    child = Child(
        name="postgres",
        command=postgres.command(data_dir, settings=postgres.CARELESS if careless else None),
        # SIGINT ends the sessions and writes a checkpoint; SIGTERM would wait for the sessions.
        stop_signals=(signal.SIGINT, signal.SIGQUIT),
        orphan_signal=None if careless else signal.SIGINT,
        rank=RANK,
    )
    return Server(child, postgres.prepare, postgres.answers)


def cache(data_dir: Path, *, careless: bool = False) -> Server:
    """Return Valkey; `careless` keeps nothing on disk."""
    child = Child(
        name="valkey",
        command=valkey.command(data_dir, durable=not careless),
        # Every kept page asks it a question that takes it no time.
        comes_between=True,
        orphan_signal=None if careless else signal.SIGTERM,
        rank=RANK,
    )
    return Server(child, valkey.prepare, valkey.answers)


def tidy(data_dir: Path) -> None:
    """Take the sockets' folder away once nobody listens there."""
    with suppress(OSError):
        paths.socket_dir(data_dir).rmdir()
