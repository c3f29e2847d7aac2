"""Prepared recommendations: compared with what stands there, so that little is written."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from catalog.models import Card, Recommendation
from shop.lib.affinity import Companion
from shop.lib.likeness import alike

BATCH = 1_000
GOES_WITH, RELATED = Recommendation.Kind.GOES_WITH, Recommendation.Kind.RELATED
FIGURES = ("position", "score", "confidence", "lift", "together", "baskets")


@dataclass(frozen=True, slots=True)
class Figures:
    """A row without its keys. Rounded, so that a day older is not a row to write."""

    position: int
    score: float
    confidence: float | None = None
    lift: float | None = None
    together: int = 0
    baskets: int = 0


Rows = dict[int, Figures]
# A product and the other one.
Key = tuple[int, int]


def keep_companions(found: Mapping[int, Sequence[Companion[int]]], *, now: dt.datetime) -> int:
    """Write what is bought together. Returns how many products show something else now."""
    on_sale = set(Card.objects.values_list("product_id", flat=True))
    rows = (
        (product, _companions(found[product], on_sale))
        for product in sorted(found.keys() & on_sale)
    )
    return _keep(GOES_WITH, rows, now)


def keep_related(*, now: dt.datetime) -> int:
    """Write what is alike, by what cards say. Returns how many products show something else now."""
    rows = ((product, _likes(likes)) for product, likes in alike(_tokens()))
    return _keep(RELATED, rows, now)


def _companions(found: Iterable[Companion[int]], on_sale: set[int]) -> Rows:
    sold = (one for one in found if one.product in on_sale)
    return {
        one.product: Figures(
            position=place,
            score=round(one.score, 3),
            confidence=round(one.confidence, 3),
            lift=round(one.lift, 2),
            together=one.together,
            baskets=one.baskets,
        )
        for place, one in enumerate(sold)
    }


def _likes(likes: Iterable[tuple[int, float]]) -> Rows:
    return {other: Figures(place, round(score, 2)) for place, (other, score) in enumerate(likes)}


def _tokens() -> dict[int, list[str]]:
    """What each product is, in words: shelves, option values, attributes, tags, title, brand."""
    cards = Card.objects.order_by("product", "market").distinct("product")
    rows = cards.values_list("product_id", "categories", "facets", "words", "title")
    return {
        product: [
            *(f"in:{path}" for path in categories),
            *facets,
            *(words or title.lower().split()),
        ]
        for product, categories, facets, words, title in rows.iterator(chunk_size=2_000)
    }


def _keep(kind: str, rows: Iterable[tuple[int, Rows]], now: dt.datetime) -> int:
    """rows: in order of their products; what lies between and beyond them goes."""
    rest, changed, first = iter(rows), 0, 0
    while batch := dict(islice(rest, BATCH)):
        last = max(batch)
        changed += _write(kind, batch, _stored(kind, first, last), now)
        first = last + 1
    beyond = Recommendation.objects.filter(kind=kind, product__gte=first)
    changed += beyond.values("product").distinct().count()
    beyond.delete()
    return changed


def _stored(kind: str, first: int, last: int) -> dict[Key, tuple[int, Figures]]:
    """What stands there: its primary key and figures."""
    rows = Recommendation.objects.filter(kind=kind, product__gte=first, product__lte=last)
    kept = rows.values_list("product_id", "other_id", "pk", *FIGURES)
    return {(product, other): (pk, Figures(*rest)) for product, other, pk, *rest in kept}


def _write(
    kind: str,
    batch: Mapping[int, Rows],
    stored: Mapping[Key, tuple[int, Figures]],
    now: dt.datetime,
) -> int:
    wanted = {
        (product, other): figures
        for product, rows in batch.items()
        for other, figures in rows.items()
    }
    fresh = [key for key, one in wanted.items() if key not in stored or stored[key][1] != one]
    gone = stored.keys() - wanted.keys()
    Recommendation.objects.filter(pk__in=[stored[key][0] for key in gone]).delete()
    Recommendation.objects.bulk_create(
        [_row(kind, key, wanted[key], now) for key in fresh],
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["product", "kind", "other"],
        update_fields=[*FIGURES, "computed_at"],
    )
    # Pages show places, not figures.
    moved = (k for k in fresh if k not in stored or stored[k][1].position != wanted[k].position)
    return len({product for product, _ in (*moved, *gone)})


def _row(kind: str, key: Key, figures: Figures, now: dt.datetime) -> Recommendation:
    columns = {name: getattr(figures, name) for name in FIGURES}
    return Recommendation(kind=kind, product_id=key[0], other_id=key[1], computed_at=now, **columns)
