"""How many cards of a list each filter would leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    CharField,
    Count,
    F,
    FloatField,
    Func,
    Max,
    Min,
    Q,
    QuerySet,
    Value,
)

from catalog.models import Card, Facet
from catalog.queries.filters import RATINGS, Filters, PriceRange

NICE = [5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500]
QUARTERS = [0.25, 0.5, 0.8]


class Unnest(Func):
    function = "unnest"
    output_field = CharField()


class Quantiles(Aggregate):
    """The values below which these shares of the rows lie."""

    function = "percentile_cont"
    template = "percentile_cont(array%(shares)s) within group (order by %(expressions)s)"
    output_field = ArrayField(FloatField())


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


def count(cards: "QuerySet[Card]", filters: Filters) -> Counts:
    """Every count of a list's filter panel, each with the other filters applied.

    Four queries, one when there are no cards at all.
    """
    parted = price_ranges(cards)
    if parted is None:
        return Counts(total=0, in_stock=0, prices=(), ratings=(), facets=())
    ranges = _with_chosen(parted, filters.prices)
    within = cards.filter(filters.facet_conditions())
    figures = within.aggregate(
        total=_number(filters.conditions()),
        left=_number(filters.conditions(but="stock") & Q(in_stock=True)),
        **{
            f"price_{place}": _number(filters.conditions(but="price") & one.condition())
            for place, one in enumerate(ranges)
        },
        **{
            f"rating_{stars}": _number(filters.conditions(but="rating") & Q(rating_avg__gte=stars))
            for stars in RATINGS
        },
    )
    return Counts(
        total=figures["total"],
        in_stock=figures["left"],
        prices=tuple((one, figures[f"price_{place}"]) for place, one in enumerate(ranges)),
        ratings=tuple((stars, figures[f"rating_{stars}"]) for stars in RATINGS),
        facets=_facets(cards.filter(filters.conditions()), filters),
    )


def _number(condition: Q) -> Count:
    return Count("pk", filter=condition) if condition else Count("pk")


def _facets(cards: "QuerySet[Card]", filters: Filters) -> tuple[Counted, ...]:
    groups = filters.groups()
    found: dict[str, int] = dict.fromkeys(filters.tokens, 0)
    rows = _tokens(cards.filter(filters.facet_conditions()), group="")
    if groups:
        # A facet in use is counted as if it were not, so that its other values can be added.
        own = (
            _tokens(cards.filter(filters.facet_conditions(but=key)), group=key) for key in groups
        )
        rows = rows.union(*own, all=True)
    for group, token, number in rows:
        key = token.partition(":")[0]
        if group == (key if key in groups else ""):
            found[token] = number
    known = Facet.objects.filter(token__in=found).order_by("position", "token")
    return tuple(
        Counted(one.token, one.name, one.label, one.tile, one.position, found[one.token])
        for one in known
    )


def _tokens(cards: "QuerySet[Card]", *, group: str) -> Any:
    """How many of the cards carry each token, as (group, token, number)."""
    return (
        cards.order_by()
        .annotate(group=Value(group, output_field=CharField()), token=Unnest("facets"))
        .values("group", "token")
        .annotate(number=Count("pk"))
        .values_list("group", "token", "number")
    )


def price_ranges(cards: "QuerySet[Card]") -> list[PriceRange] | None:
    """Ranges in round figures that part these cards into about four heaps; None without cards."""
    found = cards.order_by().aggregate(
        shares=Quantiles(F("price_from"), shares=QUARTERS),
        lowest=Min("price_from"),
        highest=Max("price_from"),
    )
    if found["lowest"] is None:
        return None
    steps = sorted({_round(Decimal(share)) for share in found["shares"]})
    steps = [step for step in steps if found["lowest"] < step <= found["highest"]]
    edges: Sequence[int | None] = [None, *steps, None]
    return [PriceRange(low, high) for low, high in pairwise(edges)] if steps else []


def _round(share: Decimal) -> int:
    scale = 1
    while share / scale > NICE[-1]:
        scale *= 100
    return min((step * scale for step in NICE), key=lambda step: abs(step - share))


def _with_chosen(ranges: list[PriceRange], chosen: Sequence[PriceRange]) -> list[PriceRange]:
    extra = [one for one in chosen if one not in ranges]
    return sorted([*ranges, *extra], key=lambda one: (one.low or 0, one.high or 10**9))
