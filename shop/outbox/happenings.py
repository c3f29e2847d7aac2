"""What happened here, for systems outside that want to know.

The layers that see it happen don't know who listens; whoever listens says at the start of the
program how to find out whether anybody does. While nobody does, nothing is written.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from shop.outbox import delivery
from shop.outbox.models import post

# Whether anybody wants to know of a topic ("order.paid").
Wanted = Callable[[str], bool]
TOPIC = "webhooks.happened"
_askers: list[Wanted] = []


def ask(wanted: Wanted) -> None:
    """From now on, ask this before anything is written. Twice is once."""
    if wanted not in _askers:
        _askers.append(wanted)


def happened(*, topic: str, key: str, facts: Mapping[str, Any], now: dt.datetime) -> None:
    """Owe the news to whoever wants it, in the caller's transaction.

    key: the same cause, told once. facts: which things it was about; a worker finds the words.
    """
    if not any(wanted(topic) for wanted in _askers):
        return
    payload = {"topic": topic, "key": key, "facts": dict(facts), "at": now}
    post(topic=TOPIC, key=name_of(key), payload=payload, now=now)
    delivery.ring()


def name_of(key: str) -> str:
    """The key of the outbox's message about it."""
    return f"happened-{key}"
