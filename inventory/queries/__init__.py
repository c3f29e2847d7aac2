"""What inventory tells the shop: what can be promised and when, and the keys that were taken."""

from inventory.queries.availability import (
    COUNTED,
    ENDLESS,
    NONE,
    Availability,
    Counted,
    availability,
    counts,
    offered,
)
from inventory.queries.expected import Expected, promised_on
from inventory.queries.keys import keys_of
from inventory.queries.waiting import Waiting, waiting_for

__all__ = [
    "COUNTED",
    "ENDLESS",
    "NONE",
    "Availability",
    "Counted",
    "Expected",
    "Waiting",
    "availability",
    "counts",
    "keys_of",
    "offered",
    "promised_on",
    "waiting_for",
]
