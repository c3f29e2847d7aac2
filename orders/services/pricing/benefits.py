"""What a deal takes off. Everything is computed on what earlier deals left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from orders.services.pricing.basket import Basket
from orders.services.pricing.reasons import Code, Reason
from orders.services.pricing.scope import EVERYTHING, Scope
from orders.services.pricing.shares import WHOLE, part, shares


@dataclass(frozen=True, slots=True)
class OffGoods:
    """What takes off lines rather than the delivery."""

    @property
    def is_for_delivery(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Percent(OffGoods):
    """So many basis points off each line; cap: the most it takes off in all."""

    basis_points: int
    scope: Scope = EVERYTHING
    cap: int | None = None

    def off(self, basket: Basket, left: Sequence[int]) -> Mapping[int, int]:
        # Written out rather than calling `part`: this is what most deals do on every line.
        points, half = min(self.basis_points, WHOLE), WHOLE // 2
        taken = {
            place: amount
            for place in basket.inside(self.scope)
            if (amount := (left[place] * points + half) // WHOLE) > 0
        }
        return capped(taken, self.cap)

    def why_not(self, basket: Basket) -> Reason:
        return nothing(basket, self.scope)


@dataclass(frozen=True, slots=True)
class Fixed(OffGoods):
    """An amount off the order, split over the lines in scope by what is left of them."""

    amount: int
    scope: Scope = EVERYTHING

    def off(self, basket: Basket, left: Sequence[int]) -> Mapping[int, int]:
        return spread(self.amount, basket.inside(self.scope), left)

    def why_not(self, basket: Basket) -> Reason:
        return nothing(basket, self.scope)


@dataclass(frozen=True, slots=True)
class FixedEach(OffGoods):
    """An amount off each piece; most_units: of the dearest so many pieces."""

    amount: int
    scope: Scope = EVERYTHING
    most_units: int | None = None

    def off(self, basket: Basket, left: Sequence[int]) -> Mapping[int, int]:
        pieces = dearest(basket, left, self.scope, self.most_units)
        found = {p: min(worth(basket, left, p, n), self.amount * n) for p, n in pieces.items()}
        return {place: amount for place, amount in found.items() if amount > 0}

    def why_not(self, basket: Basket) -> Reason:
        return nothing(basket, self.scope)


@dataclass(frozen=True, slots=True)
class SetPrice(OffGoods):
    """Pieces at this price; dearer ones come down to it. most_units: of the dearest so many."""

    price: int
    scope: Scope = EVERYTHING
    most_units: int | None = None

    def off(self, basket: Basket, left: Sequence[int]) -> Mapping[int, int]:
        pieces = dearest(basket, left, self.scope, self.most_units)
        found = {p: worth(basket, left, p, n) - self.price * n for p, n in pieces.items()}
        return {place: amount for place, amount in found.items() if amount > 0}

    def why_not(self, basket: Basket) -> Reason:
        return nothing(basket, self.scope)


class Measure(StrEnum):
    AMOUNT = "amount"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True)
class Tier:
    """From so much (minor units or pieces) on: basis points off, or an amount off."""

    start: int
    basis_points: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Tiered(OffGoods):
    """More off the more is bought, measured before deals; the highest tier reached counts."""

    by: Measure
    tiers: tuple[Tier, ...]
    scope: Scope = EVERYTHING
    cap: int | None = None

    def off(self, basket: Basket, left: Sequence[int]) -> Mapping[int, int]:
        reached = [tier for tier in self.tiers if tier.start <= self._measured(basket)]
        if not reached:
            return {}
        tier = max(reached, key=lambda one: one.start)
        if tier.basis_points:
            return Percent(tier.basis_points, self.scope, self.cap).off(basket, left)
        amount = tier.amount if self.cap is None else min(tier.amount, self.cap)
        return spread(amount, basket.inside(self.scope), left)

    def why_not(self, basket: Basket) -> Reason:
        measured = self._measured(basket)
        first = min((tier.start for tier in self.tiers), default=0)
        if not basket.inside(self.scope) or measured >= first:
            return nothing(basket, self.scope)
        missing, what = first - measured, self.scope.name
        if self.by == Measure.QUANTITY:
            return Reason(Code.TOO_FEW, {"missing": missing, "least": first, "what": what})
        figures = {"missing": basket.money(missing), "least": basket.money(first), "what": what}
        return Reason(Code.TOO_LITTLE, figures)

    def _measured(self, basket: Basket) -> int:
        by_amount = self.by == Measure.AMOUNT
        return basket.amount(self.scope) if by_amount else basket.pieces(self.scope)


@dataclass(frozen=True, slots=True)
class ShippingOff:
    """Cheaper delivery: basis points off, an amount off, or down to a price.

    methods: codes of the deliveries it is for; none: for any.
    """

    basis_points: int = 0
    amount: int = 0
    price: int | None = None
    methods: frozenset[str] = frozenset()

    @property
    def is_for_delivery(self) -> bool:
        return True

    def off(self, basket: Basket, left: Sequence[int]) -> Mapping[int, int]:
        if basket.delivery is None or self._is_other(basket.delivery.code):
            return {}
        charge = left[basket.delivery_place]
        if self.price is not None:
            amount = charge - self.price
        else:
            amount = min(charge, part(charge, self.basis_points) + self.amount)
        return {basket.delivery_place: amount} if amount > 0 else {}

    def why_not(self, basket: Basket) -> Reason:
        if basket.delivery is None:
            return Reason(Code.NO_DELIVERY)
        if self._is_other(basket.delivery.code):
            return Reason(Code.NOT_BY_METHOD, {"codes": tuple(sorted(self.methods))})
        return Reason(Code.NOTHING_LEFT)

    def _is_other(self, method: str) -> bool:
        return bool(self.methods) and method not in self.methods


def nothing(basket: Basket, scope: Scope) -> Reason:
    """Nothing of the kind is there, or nothing is left to take off."""
    if basket.inside(scope):
        return Reason(Code.NOTHING_LEFT)
    return Reason(Code.NOTHING_IN_SCOPE, {"what": scope.name})


def capped(taken: Mapping[int, int], cap: int | None) -> Mapping[int, int]:
    """The same, cut down to a cap in proportion."""
    if cap is None or sum(taken.values()) <= cap:
        return taken
    parts = zip(taken, shares(cap, list(taken.values())), strict=True)
    return {place: amount for place, amount in parts if amount}


def spread(amount: int, places: Sequence[int], left: Sequence[int]) -> Mapping[int, int]:
    """An amount over places by what is left there; no more than there is."""
    weights = [left[place] for place in places]
    parts = shares(min(amount, sum(weights)), weights)
    return {place: one for place, one in zip(places, parts, strict=True) if one}


def worth(basket: Basket, left: Sequence[int], place: int, pieces: int) -> int:
    """What is left of so many pieces of a line."""
    return left[place] * pieces // basket.lines[place].quantity


def by_price(basket: Basket, left: Sequence[int], places: Sequence[int]) -> list[int]:
    """Places from the cheapest piece to the dearest; of equal ones the first."""
    pieces = {place: left[place] // basket.lines[place].quantity for place in places}
    return sorted(places, key=pieces.__getitem__)


def dearest(
    basket: Basket, left: Sequence[int], scope: Scope, most: int | None
) -> Mapping[int, int]:
    """How many pieces of each line count, the dearest first; all of them without a limit."""
    places = basket.inside(scope)
    if most is None:
        return {place: basket.lines[place].quantity for place in places}
    found: dict[int, int] = {}
    for place in reversed(by_price(basket, left, places)):
        found[place] = min(basket.lines[place].quantity, most)
        most -= found[place]
    return found
