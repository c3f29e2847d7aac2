"""What goes with what: figures over baskets, in plain Python.

confidence(a, b): of the baskets with a, the share that also holds b.
lift(a, b): how many times more often than if the two had nothing to do with each other.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)

# Companions change with the seasons, best sellers faster.
COMPANIONS_HALVE, SELLERS_HALVE = dt.timedelta(days=180), dt.timedelta(days=60)
# As many baskets as this, filled by chance, are added to each product's own: a pair that was seen
# once or twice beside a rare product proves little.
BY_CHANCE = 3.0
# Confidence alone names best sellers, lift alone names oddities: the score is
# confidence ** (1 - LIFT) * lift ** LIFT.
LIFT = 0.2
# Of the three chances in a next basket, next to buying once more: 1.
BESIDE, SELLERS = 0.25, 0.5
LEAST_TOGETHER = 2


@dataclass(frozen=True, slots=True)
class Basket(Generic[Item]):
    """One order: what was bought together. buyer: "" when nobody knows."""

    buyer: str
    at: dt.datetime
    products: frozenset[Item]


@dataclass(frozen=True, slots=True)
class Companion(Generic[Item]):
    """Something bought together with a product. together, baskets: with both, with the product."""

    product: Item
    score: float
    confidence: float
    lift: float
    together: int
    baskets: int


@dataclass(frozen=True, slots=True)
class Affinities(Generic[Item]):
    """What the baskets teach. companions: best first. popular: share of recent baskets, largest
    first."""

    companions: dict[Item, list[Companion[Item]]]
    popular: dict[Item, float]


class _Books(Generic[Item]):
    """The baskets, counted: in numbers, and in weights that fade with age."""

    def __init__(self, baskets: Iterable[Basket[Item]], now: dt.datetime) -> None:
        self.contents: list[tuple[Item, ...]] = []
        self.pair_weight: list[float] = []
        self.places: dict[Item, list[int]] = defaultdict(list)
        self.weight: dict[Item, float] = defaultdict(float)
        self.recent: dict[Item, float] = defaultdict(float)
        self.all_weight = self.all_recent = 0.0
        for place, basket in enumerate(baskets):
            self._add(place, basket, now - basket.at)

    def _add(self, place: int, basket: Basket[Item], age: dt.timedelta) -> None:
        weight, recent = 0.5 ** (age / COMPANIONS_HALVE), 0.5 ** (age / SELLERS_HALVE)
        self.all_weight += weight
        self.all_recent += recent
        self.contents.append(tuple(basket.products))
        # Two things among hundreds have less to do with each other than two of two.
        self.pair_weight.append(weight / max(1, len(basket.products) - 1) ** 0.5)
        for product in basket.products:
            self.places[product].append(place)
            self.weight[product] += weight
            self.recent[product] += recent

    def companions(self, product: Item, *, least: int) -> Iterable[Companion[Item]]:
        """Everything that was in at least so many baskets with the product."""
        together: dict[Item, int] = defaultdict(int)
        weights: dict[Item, float] = defaultdict(float)
        places = self.places[product]
        for place in places:
            weight = self.pair_weight[place]
            for other in self.contents[place]:
                together[other] += 1
                weights[other] += weight
        del together[product]
        for other, count in together.items():
            if count >= least:
                confidence = count / len(places)
                yield Companion(
                    product=other,
                    score=self._score(product, other, weights[other]),
                    confidence=confidence,
                    lift=confidence * len(self.contents) / len(self.places[other]),
                    together=count,
                    baskets=len(places),
                )

    def _score(self, product: Item, other: Item, together: float) -> float:
        chance = self.weight[other] / self.all_weight
        expected = BY_CHANCE * chance
        confidence = (together + expected) / (self.weight[product] + BY_CHANCE)
        return float(confidence ** (1 - LIFT) * (confidence / chance) ** LIFT)


def learn(
    baskets: Iterable[Basket[Item]],
    *,
    now: dt.datetime,
    keep: int = 12,
    least: int = LEAST_TOGETHER,
) -> Affinities[Item]:
    """Count the baskets. keep: companions per product; least: baskets that must hold both."""
    books = _Books(baskets, now)
    companions = {}
    for product in books.places:
        found = nlargest(keep, books.companions(product, least=least), key=_by_score)
        if found:
            companions[product] = found
    shares = {product: one / books.all_recent for product, one in books.recent.items()}
    popular = dict(sorted(shares.items(), key=lambda pair: (-pair[1], str(pair[0]))))
    return Affinities(companions, popular)


def _by_score(one: Companion[Item]) -> tuple[float, int, str]:
    return one.score, one.together, str(one.product)


def beside(product: Item, known: Affinities[Item], *, limit: int = 10) -> list[Item]:
    """What to show beside a product: its companions, then best sellers."""
    own = (one.product for one in known.companions.get(product, ()))
    found = dict.fromkeys([*own, *list(known.popular)[: limit + 1]])
    found.pop(product, None)
    return list(found)[:limit]


def next_basket(
    visits: Sequence[Collection[Item]],
    companions: Mapping[Item, Sequence[Companion[Item]]],
    popular: Mapping[Item, float],
    *,
    limit: int = 10,
    again: bool = True,
) -> list[Item]:
    """What the one who bought (or holds) all this may want next, likeliest first.

    The weighed sum of three chances: of buying once more what was bought before (left out unless
    `again`), of buying what others bought with it, and of buying what everybody buys.
    """
    own = _own(visits)
    total = sum(own.values()) or 1.0
    scores = defaultdict(float, {item: SELLERS * share for item, share in popular.items()})
    for product, share in own.items():
        for one in companions.get(product, ()):
            scores[one.product] += BESIDE * share / total * one.confidence
    for product, share in own.items():
        if again:
            scores[product] += share
        else:
            scores.pop(product, None)
    return nlargest(limit, scores, key=lambda product: (scores[product], str(product)))


def _own(visits: Sequence[Collection[Item]]) -> dict[Item, float]:
    """How likely each product was in one of the visits; one visit more, without it, is assumed."""
    own: dict[Item, float] = defaultdict(float)
    for visit in visits:
        for product in visit:
            own[product] += 1 / (len(visits) + 1)
    return own
