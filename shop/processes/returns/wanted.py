"""What somebody wants to send back, and what it comes to: the words of a return."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.models import Variant
from shop.lib.money import ZERO


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of a line, and why. reason: a ReturnReason's code; a withdrawal needs none."""

    line_id: int
    units: int
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Swap:
    """A piece for units that come back, at what it costs this buyer today."""

    variant: Variant
    units: int
    unit_price: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """goods, delivery: what they come to, gross. fee: kept of it. total: what would go back.

    difference: of an exchange, above zero when the buyer pays. problems: why not, in words.
    """

    goods: Decimal = ZERO
    delivery: Decimal = ZERO
    fee: Decimal = ZERO
    total: Decimal = ZERO
    difference: Decimal = ZERO
    until: dt.date | None = None
    problems: list[str] = field(default_factory=list)
    swaps: Mapping[int, Swap] = field(default_factory=dict)
    with_delivery: bool = False


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of what is wrong. line_id: of the piece it shows, if any; content: as it was sent."""

    line_id: int | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What a parcel held of a line of a return. line_id: the ReturnLine's."""

    line_id: int
    disposition: str
    units: int
    is_refused: bool = False
    note: str = ""
