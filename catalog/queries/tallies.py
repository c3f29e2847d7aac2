"""A list as bits: counting what a filter would leave takes no look at the cards.

A mask is a whole number whose bit n stands for the list's n-th card. Filters combine by & and |,
and the number of bits is the number of cards.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import Any

from django.db.models import CharField, Func, QuerySet

from catalog.models import Card
from catalog.queries.filters import RATINGS, Filters, PriceRange

NICE = [5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500]
QUARTERS = (25, 50, 80)
HUNDREDTHS, THOUSANDTHS = 100, 1000
# A facet with thousands of values, such as brands, keeps masks of the common ones.
MOST_PER_FACET = 100
COLUMNS = ("pk", "facets", "price_from", "in_stock", "rating_avg")


@dataclass(frozen=True, slots=True)
class Columns:
    """Cards in an order, what is counted of them column by column.

    facets: of each card as one text, a space between them; prices in thousandths; stars: full ones.
    """

    ids: tuple[int, ...] = ()
    facets: tuple[str, ...] = ()
    prices: tuple[int, ...] = ()
    in_stock: tuple[bool, ...] = ()
    stars: tuple[int, ...] = ()

    def tally(self) -> "Tally":
        facets = map(str.split, self.facets)
        columns = (self.ids, facets, self.prices, self.in_stock, self.stars)
        return tally_of(zip(*columns, strict=True))


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

    def page(
        self, mask: int, *, first: int, count: int, order: Sequence[int] | None = None
    ) -> list[int]:
        """Ids of some of the cards of a mask, in the list's own order or in another."""
        if order is not None:
            places = order if mask == self.every else _among(order, mask, first + count)
        elif mask == self.every:
            return list(self.ids[first : first + count])
        else:
            places = _places(mask, first + count)
        return [self.ids[place] for place in places[first : first + count]]

    def places(self, ids: Iterable[int]) -> "array[int]":
        """Where these cards stand in the list; what came to it since is left out."""
        place_of = {pk: place for place, pk in enumerate(self.ids)}
        return array("L", [place_of[pk] for pk in ids if pk in place_of])


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
    numbers = {token: len(places) for token, places in tokens.items()}
    return Tally(
        ids=ids,
        prices=prices,
        ranges=[(one, _bits(size, price_places(prices, one))) for one in price_ranges(prices)],
        tokens={token: _bits(size, tokens[token]) for token in common(numbers)},
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


def _quantile(ordered: Sequence[int], share: int) -> int:
    """The value below which so many hundredths lie, times 100: between two neighbours, if it falls there."""
    low, rest = divmod(share * (len(ordered) - 1), HUNDREDTHS)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] * HUNDREDTHS + rest * (ordered[high] - ordered[low])


def _round(quantile: int) -> int:
    unit = THOUSANDTHS * HUNDREDTHS
    scale = 1
    while quantile > NICE[-1] * scale * unit:
        scale *= 100
    return min((step * scale for step in NICE), key=lambda step: abs(step * unit - quantile))


def common(tokens: Mapping[str, int]) -> list[str]:
    """The tokens worth counting, of these with how many cards have them."""
    by_key: dict[str, Counter[str]] = defaultdict(Counter)
    for token, number in tokens.items():
        by_key[token.partition(":")[0]][token] = number
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


def _among(order: Sequence[int], mask: int, most: int) -> list[int]:
    """The first places of this order that a mask has."""
    octets = mask.to_bytes(mask.bit_length() // 8 + 1, "little")
    size = len(octets)
    has = (one for one in order if one >> 3 < size and octets[one >> 3] >> (one & 7) & 1)
    return list(islice(has, most))


def _any(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
