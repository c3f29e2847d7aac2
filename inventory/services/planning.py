"""From needs to order lines: packs, price breaks, least order values and a budget."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from inventory.models import SupplierOffer
from inventory.services import offers
from inventory.services.reorder import DAYS, Levels

# What a unit of money bound in stock costs in a year: interest, space, what spoils.
HOLDING = Decimal("0.25")
YEAR = 52
# A line is raised to reach a least order value until it lasts this many times its usual cover.
STRETCH = 2

# A supplier and a location: one order.
Key = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Need:
    """A variant at or below its reorder point. rate: the books' currency for one of the offer's."""

    offer: SupplierOffer
    location_id: int
    position: int
    weekly: Decimal
    levels: Levels
    rate: Decimal = Decimal(1)
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return self.offer.supplier_id, self.location_id

    @property
    def wanted(self) -> int:
        return self.levels.order_up_to - self.position

    def lasts(self, units: int = 0) -> Decimal:
        """Days that the position and so many more units last; sooner is more urgent."""
        total = Decimal(self.position + units)
        if self.weekly > 0:
            return total * DAYS / self.weekly
        return Decimal("Infinity") if total > 0 else total


@dataclass(frozen=True, kw_only=True)
class Line:
    need: Need
    units: int
    reasons: Mapping[str, Any]

    @property
    def cost(self) -> Decimal:
        """In the supplier's currency."""
        return self.units * offers.unit_cost(offer=self.need.offer, units=self.units)

    @property
    def worth(self) -> Decimal:
        """In the books' currency."""
        return self.cost * self.need.rate

    def of(self, units: int, **reasons: Any) -> "Line":
        return replace(self, units=units, reasons={**self.reasons, "units": units, **reasons})


def plan(
    *, needs: Iterable[Need], minimums: Mapping[int, Decimal], budget: Decimal | None
) -> list[Line]:
    """The lines to order, most urgent first. minimums: by supplier, in his currency.

    A supplier whose least order value the budget does not reach is left for another day.
    """
    lines = [sized(need) for need in needs if need.wanted > 0]
    lines = [line for group in _groups(lines).values() for line in reach(group, minimums)]
    return _urgent(lines) if budget is None else within(lines, budget, minimums)


def sized(need: Need) -> Line:
    """Up to its level, in whole packs, and more where the next price break pays."""
    offer = need.offer
    units = offers.units_for(offer=offer, units=need.wanted).units
    packs = {"wanted": need.wanted, "pack_size": offer.pack_size, "minimum": offer.minimum}
    line = Line(need=need, units=units, reasons={**need.facts, **packs, "units": units})
    for step in sorted(offer.breaks.all(), key=lambda one: one.from_units):
        more = offers.units_for(offer=offer, units=step.from_units).units
        if more > line.units and _pays(line, more):
            line = line.of(more, break_from=step.from_units)
    return line


def _pays(line: Line, more: int) -> bool:
    """Whether what is saved is more than it costs to keep the extra units until they are sold."""
    need, extra = line.need, more - line.units
    if need.weekly <= 0 or need.lasts(more) > STRETCH * need.lasts(line.units):
        return False
    cost = offers.unit_cost(offer=need.offer, units=more)
    now = offers.unit_cost(offer=need.offer, units=line.units)
    weeks = line.units / need.weekly + extra / need.weekly / 2
    return (now - cost) * line.units > extra * cost * HOLDING * weeks / YEAR


def reach(lines: Sequence[Line], minimums: Mapping[int, Decimal]) -> list[Line]:
    """Add packs to whatever runs out first, until the order is worth the supplier's least value.

    Stops where everything would last too long; the lines then say what is missing.
    """
    least = minimums.get(lines[0].need.offer.supplier_id, Decimal(0))
    found = {line.need.offer.variant_id: line for line in lines}
    queue = [(line.need.lasts(line.units), variant) for variant, line in found.items()]
    heapq.heapify(queue)
    total = sum((line.cost for line in lines), Decimal(0))
    while total < least and queue:
        _, variant = heapq.heappop(queue)
        line, before = found[variant], found[variant].cost
        more = line.of(line.units + line.need.offer.pack_size)
        if more.units > STRETCH * max(line.need.wanted, line.need.offer.minimum):
            continue
        added = line.reasons.get("topped_up", 0) + more.units - line.units
        found[variant] = more.of(more.units, topped_up=added)
        total += more.cost - before
        heapq.heappush(queue, (more.need.lasts(more.units), variant))
    if total < least:
        return [line.of(line.units, short_of=str(least - total)) for line in found.values()]
    return list(found.values())


def within(lines: Sequence[Line], budget: Decimal, minimums: Mapping[int, Decimal]) -> list[Line]:
    """What the budget pays for, most urgent first; the last one in part."""
    asked = _groups(lines)
    while True:
        bought = _bought(_urgent([line for group in asked.values() for line in group]), budget)
        short = [
            key
            for key, group in _groups(bought).items()
            if _total(group) < min(_total(asked[key]), minimums.get(key[0], Decimal(0)))
        ]
        if not short:
            return bought
        del asked[max(short, key=lambda key: (min(_urgency(one) for one in asked[key]), key))]


def _bought(lines: Iterable[Line], budget: Decimal) -> list[Line]:
    bought, left = [], budget
    for line in lines:
        taken = line if line.worth <= left else _cut(line, left)
        if taken is not None:
            bought.append(taken)
            left -= taken.worth
    return bought


def _cut(line: Line, left: Decimal) -> Line | None:
    """As many packs as the money pays for; None where that is less than the supplier sells."""
    offer = line.need.offer
    pack = offer.pack_size
    packs = int(left / (line.worth / line.units * pack)) if line.worth else 0
    cut = line.of(packs * pack, cut=line.units)
    while packs > 0 and cut.worth > left:
        packs -= 1
        cut = line.of(packs * pack, cut=line.units)
    return cut if cut.units >= max(offer.minimum, 1) else None


def _groups(lines: Iterable[Line]) -> dict[Key, list[Line]]:
    groups: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.need.key].append(line)
    return groups


def _urgent(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=_urgency)


def _urgency(line: Line) -> tuple[Decimal, int]:
    return line.need.lasts(), line.need.offer.variant_id


def _total(lines: Iterable[Line]) -> Decimal:
    return sum((line.cost for line in lines), Decimal(0))
