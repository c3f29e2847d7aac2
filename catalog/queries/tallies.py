"""A list as bits: counting what a filter would leave takes no look at the cards.

A mask is a whole number whose bit n stands for the list's n-th card. Filters combine by & and |,
and the number of bits is the number of cards.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import CharField, Func, QuerySet

from catalog.models import Card
from catalog.queries.filters import RATINGS, Filters, PriceRange

NICE = [5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500]
QUARTERS = (0.25, 0.5, 0.8)
THOUSANDTHS = 1000
# A facet with thousands of values, such as brands, keeps masks of the common ones.
MOST_PER_FACET = 100
COLUMNS = ("pk", "facets", "price_from", "in_stock", "rating_avg")


class Unnest(Func):
    function = "unnest"
    output_field = CharField()


@dataclass(frozen=True, slots=True)
class Tally:
    """The cards of a list in its own order: ids, and masks of what they carry."""

    ids: "array[int]"
    prices: "array[int]"  # thousandths
    ranges: list[tuple[PriceRange, int]]
    tokens: dict[str, int]
    ratings: dict[int, int]
    in_stock: int

    @property
    def every(self) -> int:
        return (1 << len(self.ids)) - 1

    def mask(self, filters: Filters, *, but: str = "") -> int:
        """The cards that pass; `but` names a filter to leave out."""
        found = self.every
        for key, tokens in filters.groups().items():
            if key != but:
                found &= _any(self.tokens.get(token, 0) for token in tokens)
        if filters.prices and but != "price":
            found &= _any(self.price_mask(one) for one in filters.prices)
        if filters.in_stock and but != "stock":
            found &= self.in_stock
        if filters.rating and but != "rating":
            found &= self.ratings[filters.rating]
        return found

    def price_mask(self, wanted: PriceRange) -> int:
        known = next((mask for one, mask in self.ranges if one == wanted), None)
        return self._within(wanted) if known is None else known

    def _within(self, wanted: PriceRange) -> int:
        return _bits(len(self.ids), price_places(self.prices, wanted))

    def page(self, mask: int, *, first: int, count: int) -> list[int]:
        """Ids of some of the cards of a mask, in the list's own order."""
        if mask == self.every:
            return list(self.ids[first : first + count])
        places = _places(mask, first + count)
        return [self.ids[place] for place in places[first:]]


def tally(cards: "QuerySet[Card]", order: Sequence[Any]) -> Tally:
    """Read a list once, in its own order. One query."""
    rows = cards.order_by(*order).values_list(*COLUMNS).iterator(5_000)
    return tally_of(
        (pk, facets, int(price * THOUSANDTHS), is_left, rating)
        for pk, facets, price, is_left, rating in rows
    )


def tally_of(rows: Iterable[tuple[Any, ...]]) -> Tally:
    """Of cards in this order: each its COLUMNS, the price in thousandths."""
    ids, prices = array("q"), array("q")
    tokens: dict[str, list[int]] = defaultdict(list)
    rated: dict[int, list[int]] = {stars: [] for stars in RATINGS}
    in_stock: list[int] = []
    for place, (pk, facets, price, is_left, rating) in enumerate(rows):
        ids.append(pk)
        prices.append(price)
        for token in facets:
            tokens[token].append(place)
        if is_left:
            in_stock.append(place)
        for stars in RATINGS if rating is not None else ():
            if rating >= stars:
                rated[stars].append(place)
    size = len(ids)
    return Tally(
        ids=ids,
        prices=prices,
        ranges=[(one, _bits(size, price_places(prices, one))) for one in price_ranges(prices)],
        tokens={token: _bits(size, tokens[token]) for token in _common(tokens)},
        ratings={stars: _bits(size, places) for stars, places in rated.items()},
        in_stock=_bits(size, in_stock),
    )


def with_rare(found: Tally, cards: "QuerySet[Card]", tokens: Iterable[str]) -> Tally:
    """With masks of values that were too rare to be kept. One query when there are any."""
    rare = [token for token in tokens if token not in found.tokens]
    if not rare:
        return found
    place_of = {pk: place for place, pk in enumerate(found.ids)}
    places: dict[str, list[int]] = {token: [] for token in rare}
    rows = cards.order_by().filter(facets__overlap=rare).values_list("pk", "facets")
    for pk, facets in rows:
        for token in places.keys() & set(facets):
            if pk in place_of:
                places[token].append(place_of[pk])
    masks = {token: _bits(len(found.ids), sorted(at)) for token, at in places.items()}
    return replace(found, tokens=found.tokens | masks)


def price_places(prices: Sequence[int], wanted: PriceRange) -> list[int]:
    low = (wanted.low or 0) * THOUSANDTHS
    high = None if wanted.high is None else wanted.high * THOUSANDTHS
    if high is None:
        return [place for place, price in enumerate(prices) if price >= low]
    return [place for place, price in enumerate(prices) if low <= price < high]


def price_ranges(prices: Iterable[int]) -> list[PriceRange]:
    """Ranges in round figures that part these prices into about four heaps."""
    ordered = sorted(prices)
    if not ordered:
        return []
    steps = {_round(_quantile(ordered, share)) for share in QUARTERS}
    lowest, highest = ordered[0], ordered[-1]
    inside = sorted(step for step in steps if lowest < step * THOUSANDTHS <= highest)
    edges: list[int | None] = [None, *inside, None]
    return [PriceRange(low, high) for low, high in pairwise(edges)] if inside else []


def _quantile(ordered: Sequence[int], share: float) -> Decimal:
    """The value below which this share lies, between two neighbours where it falls there."""
    at = Decimal(str(share)) * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return (ordered[low] + (at - low) * (ordered[high] - ordered[low])) / THOUSANDTHS


def _round(share: Decimal) -> int:
    scale = 1
    while share / scale > NICE[-1]:
        scale *= 100
    return min((step * scale for step in NICE), key=lambda step: abs(step - share))


def _common(tokens: dict[str, list[int]]) -> list[str]:
    by_key: dict[str, Counter[str]] = defaultdict(Counter)
    for token, places in tokens.items():
        by_key[token.partition(":")[0]][token] = len(places)
    return [token for one in by_key.values() for token, _n in one.most_common(MOST_PER_FACET)]


def _bits(size: int, places: Iterable[int]) -> int:
    octets = bytearray(size // 8 + 1)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, "little")


def _places(mask: int, most: int) -> list[int]:
    """Where the first bits of a mask are set."""
    found: list[int] = []
    for at, octet in enumerate(mask.to_bytes((mask.bit_length() + 7) // 8, "little")):
        if octet:
            found += [at * 8 + bit for bit in range(8) if octet >> bit & 1]
            if len(found) >= most:
                break
    return found[:most]


def _any(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
