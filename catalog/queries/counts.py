"""How many cards of a list each filter would leave."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.models import Facet
from catalog.queries.filters import RATINGS, Filters, PriceRange
from catalog.queries.tallies import Tally
from shop.lib.prepared import Prepared

KNOWN = Prepared(
    lambda tokens: (
        Facet.objects.filter(token__in=tokens)
        .order_by("position", "token")
        .values_list("token", "name", "label", "tile", "position")
    )
)


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

    One query, for how the values read; none when there are no cards at all.
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


def _facets(tally: Tally, filters: Filters) -> tuple[Counted, ...]:
    """A facet in use is counted as if it were not, so that its other values can be added."""
    left = {key: tally.mask(filters, but=key) for key in ["", *filters.groups()]}
    found = {
        token: (mask & left.get(token.partition(":")[0], left[""])).bit_count()
        for token, mask in tally.tokens.items()
    }
    worth = [token for token, number in found.items() if number or token in filters.tokens]
    rows = KNOWN.rows(tokens=worth) if worth else []
    return tuple(
        Counted(token, name, label, tile, position, found[token])
        for token, name, label, tile, position in rows
    )


def _with_chosen(ranges: list[PriceRange], chosen: Sequence[PriceRange]) -> list[PriceRange]:
    extra = [one for one in chosen if one not in ranges]
    return sorted([*ranges, *extra], key=lambda one: (one.low or 0, one.high or 10**9))
