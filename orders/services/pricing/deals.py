"""Deals: promotions as the engine reads them. Amounts are whole minor units of the currency."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from orders.services.pricing.items import Facts, Item
from orders.services.pricing.reasons import Reason


class Lane(IntEnum):
    """Lanes run one after the other; within one the best deal of each line wins."""

    PRE = 0
    DEFAULT = 1
    POST = 2


@dataclass(frozen=True, slots=True)
class Scope:
    """Which lines a rule is about. Ids; nothing named means everything.

    A line is in when it is in any of products, categories, collections (or none are named), has
    any of the choices (or none are named), and is not on sale where sales are left out.
    """

    products: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    collections: frozenset[int] = frozenset()
    choices: frozenset[int] = frozenset()
    without_sale: bool = False

    def holds(self, facts: Facts) -> bool:
        named = self.products or self.categories or self.collections
        if not facts.takes_promotions or (self.without_sale and facts.is_on_sale):
            return False
        if self.choices and self.choices.isdisjoint(facts.choices):
            return False
        return not named or (
            facts.product in self.products
            or not self.categories.isdisjoint(facts.categories)
            or not self.collections.isdisjoint(facts.collections)
        )


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Situation:
    """Who buys, where and when. None: not known (yet), which no deal is refused for.

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


@dataclass(frozen=True, slots=True)
class Line:
    """A line inside the engine: what is left of it in minor units, and of one unit."""

    key: int
    quantity: int
    unit: int
    left: int
    facts: Facts


class Condition(Protocol):
    def unmet(self, lines: Sequence[Line], situation: Situation) -> Reason | None:
        """Why it does not hold; None when it does."""
        ...


class Benefit(Protocol):
    # Whether it takes off the delivery rather than lines.
    is_for_delivery: bool

    def off(self, lines: Sequence[Line]) -> Mapping[int, int]:
        """What it takes off each line, by key: above zero and never more than is left."""
        ...


@dataclass(frozen=True, slots=True)
class Deal:
    """A promotion in one currency. code: empty for what applies by itself.

    refusal: why it can't apply whatever is in the basket (used up, over, unknown code).
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
    gifts: tuple[Item, ...] = field(default=())
