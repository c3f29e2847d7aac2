"""Everything the stand-in remembers: in memory, and in a journal file when one is given."""

import dataclasses
import json
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from shop.standin.objects import (
    Charge,
    Customer,
    Delivery,
    Dispute,
    Event,
    Intent,
    Json,
    Method,
    Movement,
    Payout,
    Refund,
    Replay,
    Row,
    Session,
    Upload,
)

TABLES: dict[str, type[Any]] = {
    "sessions": Session,
    "intents": Intent,
    "charges": Charge,
    "refunds": Refund,
    "customers": Customer,
    "methods": Method,
    "disputes": Dispute,
    "uploads": Upload,
    "movements": Movement,
    "payouts": Payout,
    "events": Event,
    "deliveries": Delivery,
    "replays": Replay,
}
TABLE_OF = {kind: name for name, kind in TABLES.items()}
ATTEMPTS_KEPT = 500


class Store:
    """Tables by id. Change them inside `transaction()` only, and `save` each row that changed."""

    def __init__(self, path: Path | None = None) -> None:
        self.sessions: dict[str, Session] = {}
        self.intents: dict[str, Intent] = {}
        self.charges: dict[str, Charge] = {}
        self.refunds: dict[str, Refund] = {}
        self.customers: dict[str, Customer] = {}
        self.methods: dict[str, Method] = {}
        self.disputes: dict[str, Dispute] = {}
        self.uploads: dict[str, Upload] = {}
        self.movements: dict[str, Movement] = {}
        self.payouts: dict[str, Payout] = {}
        self.events: dict[str, Event] = {}
        self.deliveries: dict[str, Delivery] = {}
        self.replays: dict[str, Replay] = {}
        self.attempts: deque[Json] = deque(maxlen=ATTEMPTS_KEPT)
        self._lock = threading.RLock()
        self._depth = 0
        self._unwritten: list[str] = []
        self._journal: TextIO | None = None
        if path is not None:
            self._read(path)
            self._rewrite(path)
            self._journal = path.open("a", encoding="utf-8")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._flush()

    def save(self, row: Row) -> None:
        table = TABLE_OF[type(row)]
        self._table(table)[row.id] = row
        self._note(table, row.id, dataclasses.asdict(row))

    def forget(self, row: Row) -> None:
        table = TABLE_OF[type(row)]
        if self._table(table).pop(row.id, None):
            self._note(table, row.id, None)

    def reset(self) -> None:
        for table in TABLES:
            for row in list(self._table(table).values()):
                self.forget(row)
        self.attempts.clear()

    def close(self) -> None:
        with self._lock:
            if self._journal:
                self._journal.close()
                self._journal = None

    def _table(self, name: str) -> dict[str, Any]:
        table: dict[str, Any] = getattr(self, name)
        return table

    def _note(self, table: str, identifier: str, row: Json | None) -> None:
        if self._journal:
            self._unwritten.append(_line(table, identifier, row))

    def _flush(self) -> None:
        # One write for all rows of a transaction, so that a kill leaves all of them or none.
        if self._journal and self._unwritten:
            self._journal.write("".join(self._unwritten))
            self._journal.flush()
        self._unwritten.clear()

    def _read(self, path: Path) -> None:
        if not path.exists():
            return
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                self._replay(line)

    def _replay(self, line: str) -> None:
        try:
            table, identifier, row = json.loads(line)
            kind = TABLES[table]
            if row is None:
                self._table(table).pop(identifier, None)
            else:
                self._table(table)[identifier] = kind(**row)
        except (ValueError, KeyError, TypeError):
            # A line cut short by a kill, or written by another version: the rest still counts.
            return

    def _rewrite(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".new")
        # Names and addresses of shoppers are in it, so it is for its owner only.
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            for table in TABLES:
                for identifier, row in self._table(table).items():
                    file.write(_line(table, identifier, dataclasses.asdict(row)))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)


def _line(table: str, identifier: str, row: Json | None) -> str:
    return json.dumps([table, identifier, row], separators=(",", ":")) + "\n"
