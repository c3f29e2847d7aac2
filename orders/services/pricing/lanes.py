"""Lanes one after the other; within one, each line goes to the deal that takes most off it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orders.services.pricing.basket import Basket
from orders.services.pricing.deals import Deal, Lane

Offer = tuple[Deal, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Loss:
    """What a deal would have taken off, and what was taken off the same lines instead."""

    offered: int
    instead: int
    winner: Deal | None


@dataclass(slots=True)
class Run:
    """What deals come to together. taken: (place, deal, amount), lane by lane."""

    left: list[int]
    taken: list[tuple[int, Deal, int]] = field(default_factory=list)
    amounts: dict[int, int] = field(default_factory=dict)
    offered: dict[int, int] = field(default_factory=dict)
    losses: dict[int, Loss] = field(default_factory=dict)
    givers: list[Deal] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.amounts.values())

    def applies(self, deal: Deal) -> bool:
        return deal.key in self.amounts


def run(deals: Sequence[Deal], basket: Basket) -> Run:
    """Apply deals, given in order of their keys, to an untouched basket."""
    result = Run(basket.untouched())
    for lane in Lane:
        _run_lane([deal for deal in deals if deal.lane == lane], basket, result)
    for deal in deals:
        if deal.gifts and _gives(deal, result):
            result.givers.append(deal)
            worth = sum(basket.listed(gift) for gift in deal.gifts)
            result.amounts[deal.key] = result.amounts.get(deal.key, 0) + worth
    return result


def _run_lane(deals: Sequence[Deal], basket: Basket, result: Run) -> None:
    offers = [(deal, off) for deal in deals if (off := _off(deal, basket, result.left))]
    best, winners = _best(offers, len(result.left))
    for place, deal in enumerate(winners):
        if deal is not None:
            result.left[place] -= best[place]
            result.taken.append((place, deal, best[place]))
            result.amounts[deal.key] = result.amounts.get(deal.key, 0) + best[place]
    for deal, off in offers:
        result.offered[deal.key] = sum(off.values())
        if deal.key not in result.amounts:
            result.losses[deal.key] = _loss(off, best, winners)


def _off(deal: Deal, basket: Basket, left: Sequence[int]) -> Mapping[int, int]:
    """All benefits of a deal, each on what the one before left."""
    if len(deal.benefits) == 1:
        return deal.benefits[0].off(basket, left)
    own, taken = list(left), dict[int, int]()
    for benefit in deal.benefits:
        for place, amount in benefit.off(basket, own).items():
            own[place] -= amount
            taken[place] = taken.get(place, 0) + amount
    return taken


def _best(offers: Sequence[Offer], size: int) -> tuple[list[int], list[Deal | None]]:
    """The most that is offered for each place, and by whom; of equal ones the first."""
    best, winners = [0] * size, list[Deal | None]([None] * size)
    for deal, off in offers:
        for place, amount in off.items():
            if amount > best[place]:
                best[place], winners[place] = amount, deal
    return best, winners


def _loss(off: Mapping[int, int], best: Sequence[int], winners: Sequence[Deal | None]) -> Loss:
    """Names who wins the line that most is taken off."""
    instead = [best[place] for place in off]
    winner = winners[max(off, key=best.__getitem__)]
    return Loss(sum(off.values()), sum(instead), winner)


def _gives(deal: Deal, result: Run) -> bool:
    """Gifts go with what was taken off; beside free delivery they are given anyway."""
    if deal.key in result.amounts:
        return True
    return deal.key not in result.losses and all(one.is_for_delivery for one in deal.benefits)
