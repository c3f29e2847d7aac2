"""The goods as the engine sees them: whole minor units, in order of keys, with scopes looked up."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from orders.services.pricing.items import Delivery, Facts, Item
from orders.services.pricing.scope import Scope
from shop.lib.money import Money, from_minor, to_minor

Index = Mapping[int, Collection[int]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line inside the engine. listed: the whole line before deals, in minor units."""

    key: int
    quantity: int
    listed: int
    facts: Facts


class Basket:
    """Lines by their place in the order of keys; the delivery has the place after the last line.

    So nothing depends on the order in which lines came in. Remembers which lines a scope holds.
    """

    __slots__ = ("_indexes", "_inside", "_open", "_worth", "currency", "delivery", "lines", "order")

    def __init__(self, items: Sequence[Item], delivery: Delivery | None, currency: str) -> None:
        self.currency = currency
        self.delivery = delivery
        # Where each line stood when it came in.
        self.order = sorted(range(len(items)), key=lambda place: items[place].key)
        self.lines = tuple(self._line(items[place]) for place in self.order)
        self._open = frozenset(
            place for place, line in enumerate(self.lines) if line.facts.takes_promotions
        )
        self._indexes: tuple[Index, Index, Index, Index] | None = None
        self._inside: dict[Scope, tuple[int, ...]] = {}
        self._worth: dict[Scope, tuple[int, int]] = {}

    @property
    def delivery_place(self) -> int:
        return len(self.lines)

    def untouched(self) -> list[int]:
        """What is left of each line, and of the delivery, before anything is taken."""
        charge = to_minor(self.delivery.price, self.currency) if self.delivery else 0
        return [*(line.listed for line in self.lines), charge]

    def listed(self, item: Item) -> int:
        return to_minor(item.unit_price * item.quantity, self.currency)

    def money(self, units: int) -> Money:
        return Money(from_minor(units, self.currency), self.currency)

    def inside(self, scope: Scope) -> tuple[int, ...]:
        """Places of the lines a scope holds, in order."""
        found = self._inside.get(scope)
        if found is None:
            found = self._inside[scope] = tuple(sorted(self._find(scope)))
        return found

    def amount(self, scope: Scope) -> int:
        """What the lines in scope are worth before deals."""
        return self._sums(scope)[0]

    def pieces(self, scope: Scope) -> int:
        return self._sums(scope)[1]

    def _line(self, item: Item) -> Line:
        return Line(item.key, item.quantity, self.listed(item), item.facts)

    def _sums(self, scope: Scope) -> tuple[int, int]:
        found = self._worth.get(scope)
        if found is None:
            lines = [self.lines[place] for place in self.inside(scope)]
            found = sum(line.listed for line in lines), sum(line.quantity for line in lines)
            self._worth[scope] = found
        return found

    def _find(self, scope: Scope) -> Collection[int]:
        places = self._open
        if not (scope.is_named or scope.choices or scope.without_sale):
            return places
        by_product, by_category, by_collection, by_choice = self._by_id()
        if scope.is_named:
            places &= (
                _any(by_product, scope.products)
                | _any(by_category, scope.categories)
                | _any(by_collection, scope.collections)
            )
        if scope.choices:
            places &= _any(by_choice, scope.choices)
        if scope.without_sale:
            places = frozenset(p for p in places if not self.lines[p].facts.is_on_sale)
        return places

    def _by_id(self) -> tuple[Index, Index, Index, Index]:
        if self._indexes is None:
            facts = [line.facts for line in self.lines]
            self._indexes = (
                _index([one.product] for one in facts),
                _index(one.categories for one in facts),
                _index(one.collections for one in facts),
                _index(one.choices for one in facts),
            )
        return self._indexes


def _index(ids_by_place: Iterable[Iterable[int]]) -> Index:
    """Places by id."""
    index: dict[int, set[int]] = defaultdict(set)
    for place, ids in enumerate(ids_by_place):
        for one in ids:
            index[one].add(place)
    return index


def _any(index: Index, ids: frozenset[int]) -> frozenset[int]:
    """Places that have any of the ids."""
    return frozenset().union(*(index[one] for one in ids & index.keys()))
