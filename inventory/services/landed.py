"""Landed cost: what goods cost once they are here, with freight and duty, to the cent.

A delivery carries the part of freight and duty that its share of the ordered goods (by value or by
weight) makes; the one that completes the order carries what is left, so that nothing is lost to
rounding. Inside a delivery the good units carry it: what was refused is worth nothing to us.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.models import PurchaseOrder, PurchaseOrderLine
from shop.lib.money import ZERO, round_money, split

ShareBy = PurchaseOrder.ShareBy
Weigher = Callable[[PurchaseOrderLine], Decimal]


@dataclass(frozen=True, slots=True)
class Brought:
    """What a delivery has of a line. counted: its units, good and refused, within the order."""

    line: PurchaseOrderLine
    quantity: int
    counted: int
    received_before: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Of the good units of a line in a delivery, in the books' currency."""

    goods: Decimal
    freight: Decimal = ZERO
    duty: Decimal = ZERO

    @property
    def landed(self) -> Decimal:
        return self.goods + self.freight + self.duty


@dataclass(frozen=True, slots=True)
class Terms:
    """How an order's costs become the books'. given: (freight, duty) that came with earlier ones."""

    order: PurchaseOrder
    currency: str
    given: tuple[Decimal, Decimal]
    is_last: bool


def costs(
    *, brought: Sequence[Brought], lines: Sequence[PurchaseOrderLine], terms: Terms
) -> list[Cost]:
    """What each of a delivery's lines costs. lines: all of the order's, with their variants."""
    weight_of = _weigher(terms.order, lines)
    ordered = sum((weight_of(line) * line.quantity for line in lines), ZERO)
    came = sum((weight_of(one.line) * one.counted for one in brought), ZERO)
    good = [weight_of(one.line) * one.quantity for one in brought]
    shares = []
    for total, given in zip((terms.order.freight, terms.order.duty), terms.given, strict=True):
        due = _due(
            round_money(total * terms.order.rate, terms.currency), given, came, ordered, terms
        )
        shares.append(_spread(due, good, brought, terms.currency))
    return [
        Cost(_goods(one, terms), freight, duty)
        for one, freight, duty in zip(brought, *shares, strict=True)
    ]


def _weigher(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> Weigher:
    """How much of freight and duty a unit draws. Goods without weights are shared by value, and
    goods without value by their number."""
    by_weight = order.share_by == ShareBy.WEIGHT and any(line.variant.grams for line in lines)
    if by_weight:
        return lambda line: Decimal(line.variant.grams)
    if any(line.unit_cost for line in lines):
        return lambda line: line.unit_cost
    return lambda _line: Decimal(1)


def _due(total: Decimal, given: Decimal, came: Decimal, ordered: Decimal, terms: Terms) -> Decimal:
    left = total - given
    if terms.is_last or not ordered:
        return left
    return min(left, round_money(total * came / ordered, terms.currency))


def _spread(
    due: Decimal, weights: Sequence[Decimal], brought: Sequence[Brought], currency: str
) -> list[Decimal]:
    """Over the lines that have good units; a delivery without any carries nothing."""
    good = [number for number, one in enumerate(brought) if one.quantity]
    parts = [ZERO] * len(brought)
    if good:
        for number, part in zip(
            good, split(due, [weights[number] for number in good], currency), strict=True
        ):
            parts[number] = part
    return parts


def _goods(one: Brought, terms: Terms) -> Decimal:
    """Worked out from the line's start, so that the deliveries of a line add up to its cost."""
    unit = one.line.unit_cost * terms.order.rate
    after = round_money(unit * (one.received_before + one.quantity), terms.currency)
    return after - round_money(unit * one.received_before, terms.currency)
