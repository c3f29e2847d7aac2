"""What a change of an order asks for, and what it comes to."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from orders.services.additions import Added
from shop.lib.errors import Refused
from shop.lib.money import ZERO

# As OrderEdit.changes keeps it: {"what", "name", "was", "is"}.
Change = dict[str, str]


class CannotChange(Refused):
    """Raised when an order can't be changed, or not like this."""


class ChangedMeanwhile(CannotChange):
    """Raised when somebody else changed the order since it was looked at."""


@dataclass(frozen=True, slots=True)
class NewAddress:
    """Where it goes instead."""

    name: str
    line1: str
    line2: str
    city: str
    postcode: str
    country: str
    phone: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """Another way of delivery, at a price as the order's market shows it."""

    code: str
    name: str
    price: Decimal
    arrives_from: dt.date | None = None
    arrives_by: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is to become of an order.

    units: how many of a line there shall be, by its id, those that left among them; 0: none.
    prices: what a unit shall cost after all discounts, as the market shows it, by line id.
    """

    add: Sequence[Added] = ()
    units: Mapping[int, int] = field(default_factory=dict)
    prices: Mapping[int, Decimal] = field(default_factory=dict)
    address: NewAddress | None = None
    delivery: NewDelivery | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would come to, nothing written.

    difference: what the order costs more (below zero: less). to_pay: what its buyer would owe in
    all then; back: money that would be sent back. problems: why it can't be done, in words.
    """

    difference: Decimal = ZERO
    changes: Sequence[Change] = ()
    problems: Sequence[str] = ()
    to_pay: Decimal = ZERO
    back: Decimal = ZERO
