"""Deals: promotions as the engine reads them. Amounts are whole minor units of the currency."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from orders.services.pricing.basket import Basket
from orders.services.pricing.items import Item
from orders.services.pricing.reasons import Reason


class Lane(IntEnum):
    """Lanes run one after the other; within one the best deal of each line wins."""

    PRE = 0
    DEFAULT = 1
    POST = 2


@dataclass(frozen=True, slots=True)
class Situation:
    """Who buys, where and when. None or empty text: not known (yet), which no deal is refused for.

    now: in the shop's own time zone, for days and hours.
    """

    now: dt.datetime
    market: int = 0
    channel: str = "web"
    country: str = ""
    shipping_method: str = ""
    groups: frozenset[int] = frozenset()
    segments: frozenset[int] = frozenset()
    # Earlier orders that were not called off, and when the last of them was placed.
    orders: int | None = None
    last_order_at: dt.datetime | None = None


class Condition(Protocol):
    def unmet(self, basket: Basket, situation: Situation) -> Reason | None:
        """Why it does not hold; None when it does. Measured before any deal."""
        ...


class Benefit(Protocol):
    @property
    def is_for_delivery(self) -> bool:
        """Whether it takes off the delivery rather than lines."""
        ...

    def off(self, basket: Basket, left: Sequence[int]) -> Mapping[int, int]:
        """What it takes off, by place: above zero and never more than is left there."""
        ...

    def why_not(self, basket: Basket) -> Reason:
        """Why it takes nothing, asked only when that is so."""
        ...


@dataclass(frozen=True, slots=True)
class Deal:
    """A promotion in one currency. code: empty for what applies by itself.

    refusal: why it can't apply whatever is in the basket (used up, over, unknown code).
    benefits: each comes off what the one before left.
    gifts: lines it adds at no cost, priced as if sold; their keys are below zero.
    """

    key: int
    name: str
    label: str
    lane: Lane = Lane.DEFAULT
    code: str = ""
    conditions: tuple[Condition, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    is_exclusive: bool = False
    refusal: Reason | None = None
    gifts: tuple[Item, ...] = ()
