"""What is known of an order when it is weighed. Times are UTC; nothing here asks a database."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Card:
    """A card as its provider tells of it. checks: "pass", "fail" or "unavailable" by name."""

    country: str = ""
    risk_level: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one order. by: when other orders of the same card, e-mail or IP came before it.

    declines: when a card was refused to the same e-mail or IP. delivered: since when earlier
    parcels of the signed-in customer are out; was_disputed: one of them asked their bank back.
    """

    currency: str
    total: Decimal
    email: str
    street: str
    postcode: str
    country: str
    ip: str
    placed_at: dt.datetime
    # Until when things count that came after the order, a refused card for instance.
    known_at: dt.datetime
    cards: tuple[Card, ...] = ()
    by: Mapping[str, tuple[dt.datetime, ...]] = field(default_factory=dict)
    declines: tuple[dt.datetime, ...] = ()
    delivered: tuple[dt.datetime, ...] = ()
    was_disputed: bool = False
