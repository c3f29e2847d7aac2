"""The waiting room before the checkout: first come, first served, as fast as the shop serves well.

Kept in Valkey, and of those who wait nothing but their number. Without Valkey everybody is let in:
what the database promises holds all the same.
"""

import datetime as dt
import hashlib
import logging
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis import Redis
from redis.exceptions import NoScriptError, RedisError

from orders.services.waiting_room.script import MOVE_ON
from orders.services.waiting_room.tickets import Ticket

logger = logging.getLogger(__name__)
MINUTE = 60
SCRIPT_NAME = hashlib.sha1(MOVE_ON.encode(), usedforsecurity=False).hexdigest()
KEYS = 3
# However many wait, no more of them than this look again in a second.
LOOKS_PER_SECOND = 25
SOONEST, LATEST = 5, 90


@dataclass(frozen=True, slots=True)
class Turn:
    """Where somebody stands. per_minute: how many are let in now; number 0: no ticket."""

    epoch: str
    number: int
    is_in: bool
    ahead: int
    waiting: int
    per_minute: float
    is_open: bool
    is_opened_by_staff: bool
    spare: float

    @property
    def ticket(self) -> Ticket:
        return Ticket(self.epoch, self.number, is_pass=self.is_in)

    @property
    def seconds(self) -> int | None:
        """How long it takes, about; None while nobody is let in."""
        return ceil(self.ahead / self.per_minute * MINUTE) if self.per_minute > 0 else None

    @property
    def look_again(self) -> int:
        """Seconds until it is worth while to look again: rarely while many wait, often in front.

        Who came in the same second does not come back in the same second.
        """
        spread = min(LATEST, self.waiting / LOOKS_PER_SECOND) * (0.5 + self.number % 16 / 32)
        return max(SOONEST, ceil(min(spread, LATEST if self.seconds is None else self.seconds)))


@dataclass(frozen=True, slots=True)
class Minute:
    """What happened in a minute: who came to the checkout, was let in, and ordered."""

    at: dt.datetime
    came: int
    let_in: int
    ordered: int


def knock(
    *, ticket: Ticket | None, takes: bool, now: dt.datetime, queued: float = 0
) -> Turn | None:
    """Ask to be let in, with a ticket or without; takes: give out one if it must be waited.

    queued: seconds for which the request itself waited for a thread. None: nobody counts at the
    moment, everybody is let in.
    """
    return _ask("knock", now, ticket=ticket, word="take" if takes else "", queued=queued)


def look(*, now: dt.datetime, ticket: Ticket | None = None) -> Turn | None:
    """How long the line is, before a ticket or in all. Changes nothing."""
    return _ask("look", now, ticket=ticket)


def ordered(*, ticket: Ticket, seconds: float, now: dt.datetime) -> None:
    """An order was placed with this pass, which ends it; placing it took so many seconds."""
    _ask("done", now, ticket=ticket, word=f"{seconds:.3f}")


def is_used(ticket: Ticket) -> bool:
    """Whether an order was placed with this pass."""
    try:
        return bool(_valkey().exists(_used(ticket)))
    except RedisError:
        return False


def open_room(*, per_minute: int, now: dt.datetime) -> bool:
    """Let nobody in but in line, so many a minute; 0: nobody at all. False: Valkey is gone."""
    logger.info("waiting room opened", extra={"per_minute": per_minute})
    return _ask("open", now, word=str(per_minute)) is not None


def close_room(*, now: dt.datetime) -> bool:
    """Back to opening by itself. Who waits is let in as fast as usual. False: Valkey is gone."""
    logger.info("waiting room closed")
    return _ask("close", now) is not None


def usual_rate() -> int:
    """Shoppers a minute that the shop serves well."""
    rate: int = settings.CHECKOUTS_PER_MINUTE
    return rate


def minutes(*, last: int, now: dt.datetime) -> list[Minute]:
    """The last minutes, the newest first; empty without Valkey."""
    newest = int(now.timestamp()) // MINUTE
    wanted = [newest - back for back in range(last)]
    try:
        pipe = _valkey().pipeline(transaction=False)
        for minute in wanted:
            pipe.hmget(_minute(minute), ["came", "in", "done"])
        rows = pipe.execute()
    except RedisError:
        return []
    return [
        Minute(dt.datetime.fromtimestamp(minute * MINUTE, dt.UTC), *(int(one or 0) for one in row))
        for minute, row in zip(wanted, rows, strict=True)
    ]


def _ask(
    verb: str,
    now: dt.datetime,
    *,
    ticket: Ticket | None = None,
    word: str = "",
    queued: float = 0,
) -> Turn | None:
    shown = ticket or Ticket("", 0)
    at = now.timestamp()
    keys = (cache.make_key("waiting_room"), _minute(int(at) // MINUTE), _used(shown))
    asked = (verb, f"{at:.6f}", usual_rate(), shown.epoch, shown.number, word, f"{queued:.3f}")
    try:
        told = _run(*keys, *asked)
    except RedisError:
        return None
    return _turn(told)


def _run(*words: str | float) -> Any:
    """Run the script; Valkey is told it once, and again when it has forgotten."""
    valkey = _valkey()
    try:
        return valkey.evalsha(SCRIPT_NAME, KEYS, *words)
    except NoScriptError:
        return valkey.eval(MOVE_ON, KEYS, *words)


def _turn(told: list[bytes | int]) -> Turn:
    epoch, number, is_in, ahead, waiting, rate, is_open, opened, spare = told
    return Turn(
        epoch=str(epoch, "ascii") if isinstance(epoch, bytes) else str(epoch),
        number=int(number),
        is_in=bool(is_in),
        ahead=ceil(float(ahead)),
        waiting=ceil(float(waiting)),
        per_minute=float(rate),
        is_open=bool(is_open),
        is_opened_by_staff=bool(opened),
        spare=float(spare),
    )


def _valkey() -> "Redis":
    """The line that the cache speaks on: one pool, one patience."""
    client: Redis = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]  # noqa: SLF001
    return client


def _minute(minute: int) -> str:
    return cache.make_key(f"waiting_room:minute:{minute}")


def _used(ticket: Ticket) -> str:
    return cache.make_key(f"waiting_room:used:{ticket.epoch}.{ticket.number}")
