"""How many cards of a list each filter would leave."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.models import Facet
from catalog.queries.filters import RATINGS, Filters, PriceRange
from catalog.queries.tallies import THOUSANDTHS, Columns, Tally, common, price_ranges
from shop.lib.parts import kept
from shop.lib.prepared import Prepared

# A shop with more values of facets than that, such as brands, is asked for those of each list.
MOST_KEPT = 3000
READ = Facet.objects.order_by("position", "token").values_list(
    "token", "name", "label", "tile", "position"
)
KNOWN = Prepared(lambda tokens: READ.filter(token__in=tokens))


@dataclass(frozen=True, slots=True)
class Counted:
    """A facet value and how many cards it would leave."""

    token: str
    name: str
    label: str
    tile: str
    position: int
    count: int


@dataclass(frozen=True, slots=True)
class Counts:
    total: int
    in_stock: int
    prices: tuple[tuple[PriceRange, int], ...]
    ratings: tuple[tuple[int, int], ...]
    facets: tuple[Counted, ...]


def count(tally: Tally, filters: Filters) -> Counts:
    """Every count of a list's filter panel, each with the other filters applied.

    At most one query, for how the values read.
    """
    if not tally.ids:
        return Counts(total=0, in_stock=0, prices=(), ratings=(), facets=())
    priced, rated = tally.mask(filters, but="price"), tally.mask(filters, but="rating")
    ranges = _with_chosen([one for one, _mask in tally.ranges], filters.prices)
    return Counts(
        total=tally.mask(filters).bit_count(),
        in_stock=(tally.mask(filters, but="stock") & tally.in_stock).bit_count(),
        prices=tuple((one, (priced & tally.price_mask(one)).bit_count()) for one in ranges),
        ratings=tuple((stars, (rated & tally.ratings[stars]).bit_count()) for stars in RATINGS),
        facets=_facets(tally, filters),
    )


def count_all(cards: Columns) -> Counts:
    """The same for a list that nothing narrows, which takes no masks."""
    prices = sorted(cards.prices)
    found = Counter(" ".join(cards.facets).split())
    return Counts(
        total=len(prices),
        in_stock=sum(cards.in_stock),
        prices=tuple((one, _within(prices, one)) for one in price_ranges(prices)),
        ratings=tuple((stars, sum(map(stars.__le__, cards.stars))) for stars in RATINGS if prices),
        facets=_counted({token: found[token] for token in common(found)}),
    )


def _within(ordered: Sequence[int], wanted: PriceRange) -> int:
    low = bisect_left(ordered, (wanted.low or 0) * THOUSANDTHS)
    if wanted.high is None:
        return len(ordered) - low
    return bisect_left(ordered, wanted.high * THOUSANDTHS) - low


def _facets(tally: Tally, filters: Filters) -> tuple[Counted, ...]:
    """A facet in use is counted as if it were not, so that its other values can be added."""
    left = {key: tally.mask(filters, but=key) for key in ["", *filters.groups()]}
    found = {
        token: (mask & left.get(token.partition(":")[0], left[""])).bit_count()
        for token, mask in tally.tokens.items()
    }
    return _counted({t: number for t, number in found.items() if number or t in filters.tokens})


def _counted(found: Mapping[str, int]) -> tuple[Counted, ...]:
    """These values in the order panels have them, as they read. At most one query."""
    return tuple(
        [
            Counted(token, name, label, tile, position, found[token])
            for token, name, label, tile, position in _known(found)
        ]
    )


def _known(tokens: Mapping[str, int]) -> list[tuple[Any, ...]]:
    """The rows of these values. No query when those of the whole shop are kept."""
    every = kept("facets", lambda: tuple(READ[: MOST_KEPT + 1])) if tokens else ()
    if len(every) > MOST_KEPT:
        return KNOWN.rows(tokens=list(tokens))
    return [row for row in every if row[0] in tokens]


def _with_chosen(ranges: list[PriceRange], chosen: Sequence[PriceRange]) -> list[PriceRange]:
    extra = [one for one in chosen if one not in ranges]
    return sorted([*ranges, *extra], key=lambda one: (one.low or 0, one.high or 10**9))
