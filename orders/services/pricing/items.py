"""What is priced: lines and deliveries, as plain values."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """What promotions may ask of a line. Ids; categories include everything above them."""

    product: int = 0
    categories: frozenset[int] = frozenset()
    collections: frozenset[int] = frozenset()
    # Answers to typed attributes.
    choices: frozenset[int] = frozenset()
    is_on_sale: bool = False
    # Gift cards are money: nothing is taken off them.
    takes_promotions: bool = True


NOTHING_KNOWN = Facts()


@dataclass(frozen=True, slots=True)
class Item:
    """One line to price. unit_price as the market enters it: tax in or out.

    key: names the line; ties are decided by it, never by the order of lines.
    """

    key: int
    quantity: int
    unit_price: Decimal
    tax_class: str
    facts: Facts = NOTHING_KNOWN
    # Why this price, when it is not the regular one.
    price_note: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way of delivery as it was offered, with its price as the market enters it.

    tax_class: empty when it is taxed as the goods are, each rate by its share. kind: to the door
    ("home"), to a pickup "point", or to "collect" in a shop. note: on duties, read before payment.
    """

    code: str
    name: str
    carrier: str
    price: Decimal
    tax_class: str
    arrives_from: dt.date
    arrives_by: dt.date
    free_from: Decimal | None = None
    kind: str = "home"
    is_cheapest: bool = False
    is_fastest: bool = False
    note: str = ""
