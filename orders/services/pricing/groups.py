"""Buy some, get some: 3 for 2, the cheapest at half, a plate with two mugs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.services.pricing.basket import Basket
from orders.services.pricing.benefits import OffGoods, by_price, nothing, worth
from orders.services.pricing.reasons import Code, Reason
from orders.services.pricing.scope import EVERYTHING, Scope
from orders.services.pricing.shares import WHOLE, part


@dataclass(frozen=True, slots=True)
class Groups(OffGoods):
    """For every `buy` pieces in scope, `get` of the cheapest in get_scope are cheaper.

    get_scope None: of the same pieces, so 3 for 2 is buy 2, get 1. A piece counts once, either as
    bought or as got. most_times: how often it applies in one order.
    """

    buy: int
    get: int
    basis_points: int = WHOLE
    scope: Scope = EVERYTHING
    get_scope: Scope | None = None
    most_times: int | None = None

    def off(self, basket: Basket, left: Sequence[int]) -> Mapping[int, int]:
        bought, got, both = self._pieces(basket)
        times = self._times(bought, got, both)
        if not times:
            return {}
        # Of the pieces that could be either, these many are not needed as bought ones.
        spare = both - max(0, times * self.buy - bought)
        found = {}
        for place, pieces in self._cheapest(basket, left, times * self.get, spare).items():
            if amount := part(worth(basket, left, place, pieces), self.basis_points):
                found[place] = amount
        return found

    def why_not(self, basket: Basket) -> Reason:
        bought, got, both = self._pieces(basket)
        if not bought + both or self._times(bought, got, both):
            return nothing(basket, self.scope)
        if self.get_scope is None:
            least, what = self.buy + self.get, self.scope.name
            missing = least - both
        elif bought + both < self.buy:
            least, what, missing = self.buy, self.scope.name, self.buy - bought - both
        else:
            needed = max(0, self.buy - bought)
            least, what = self.get, self.get_scope.name
            missing = self.get - got - (both - needed)
        return Reason(Code.TOO_FEW, {"missing": missing, "least": least, "what": what})

    @property
    def _get_scope(self) -> Scope:
        return self.scope if self.get_scope is None else self.get_scope

    def _pieces(self, basket: Basket) -> tuple[int, int, int]:
        """Pieces that only count as bought, only as got, and that may be either."""
        if self.get_scope is None:
            return 0, 0, basket.pieces(self.scope)
        buy, get = set(basket.inside(self.scope)), set(basket.inside(self._get_scope))

        def count(places: set[int]) -> int:
            return sum(basket.lines[place].quantity for place in places)

        return count(buy - get), count(get - buy), count(buy & get)

    def _times(self, bought: int, got: int, both: int) -> int:
        size = self.buy + self.get
        limits = [(bought + got + both) // size, (got + both) // self.get]
        if self.buy:
            limits.append((bought + both) // self.buy)
        if self.most_times is not None:
            limits.append(self.most_times)
        return min(limits)

    def _cheapest(
        self, basket: Basket, left: Sequence[int], wanted: int, spare: int
    ) -> dict[int, int]:
        """So many of the cheapest pieces in get_scope; of those also in scope only the spare."""
        shared = set(basket.inside(self.scope))
        found: dict[int, int] = {}
        for place in by_price(basket, left, basket.inside(self._get_scope)):
            pieces = min(basket.lines[place].quantity, wanted)
            if place in shared:
                pieces = min(pieces, spare)
                spare -= pieces
            found[place] = pieces
            wanted -= pieces
            if not wanted:
                break
        return found
