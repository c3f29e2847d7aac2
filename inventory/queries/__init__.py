"""What inventory tells the shop: what can be promised and when, and the keys that were taken."""

from inventory.queries.availability import ENDLESS, NONE, Availability, availability
from inventory.queries.expected import Expected, promised_on
from inventory.queries.keys import keys_of
from inventory.queries.waiting import Waiting, waiting_for

__all__ = [
    "ENDLESS",
    "NONE",
    "Availability",
    "Expected",
    "Waiting",
    "availability",
    "keys_of",
    "promised_on",
    "waiting_for",
]
