"""What to show beside a product, a basket, or what somebody has looked at. Only what is in stock."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value

from catalog.models import Card, Market, Product, Recommendation
from catalog.queries.cards import COLUMNS, MOST_POPULAR, CardView, Now, card_view, shown
from shop.lib.affinity import Companion, next_basket
from shop.lib.prepared import Prepared

GOES_WITH, RELATED = Recommendation.Kind.GOES_WITH, Recommendation.Kind.RELATED
PICK, SHELF, SELLERS = "pick", "shelf", "sellers"
# How many stand in a row beside a product; the place of its id among the columns of a card.
BESIDE, PRODUCT = 4, COLUMNS.index("product_id")
# Some of the prepared ones will be sold out, or stand in another row already.
SPARE = 3
# Of two rows of the same product, the first weighs twice as much as the one at this place.
HALF_AT = 6


def around(
    product: Product, market: Market, *, now: Now = None
) -> tuple[list[CardView], list[CardView]]:
    """Cards of what is like the product, and of what goes with it. One query.

    With it goes what staff chose, then what is bought together. Like it is what was found alike;
    a product too new for that is beside what its shelf sells best.
    """
    shelf = product.category.url_path if product.category else None
    rows = AROUND.rows(product=product.pk, market=market.pk, shelf=shelf)
    found: dict[str, list[Any]] = defaultdict(list)
    for kind, *row in rows:
        found[kind].append(row)
    beside = _once([*found[PICK], *found[GOES_WITH]])
    like = _once([*found[RELATED], *found[SHELF]], without={row[PRODUCT] for row in beside})
    views = [[card_view(row, market=market, now=now) for row in one] for one in (like, beside)]
    return views[0], views[1]


def _once(rows: Iterable[Any], *, without: Collection[int] = ()) -> list[Any]:
    """So many of these rows as stand beside a product, each product once."""
    once: dict[int, Any] = {}
    for row in rows:
        once.setdefault(row[PRODUCT], row)
    return [row for pk, row in once.items() if pk not in without][:BESIDE]


def _around(product: int, market: int, shelf: str | None) -> Any:
    cards = Card.objects.filter(market=market, in_stock=True).exclude(product=product)
    popular = cards.order_by(*MOST_POPULAR)
    picks = Product.goes_with.through.objects.filter(from_product=product).values("to_product")
    beside = popular.none() if shelf is None else popular.under(shelf)
    # Of what is alike, as many may stand in the other row already.
    return _told_apart(popular.filter(product__in=picks)[:BESIDE], PICK).union(
        _told_apart(_prepared(cards, product, GOES_WITH)[:BESIDE], GOES_WITH),
        _told_apart(_prepared(cards, product, RELATED)[: BESIDE * 2], RELATED),
        _told_apart(beside[: BESIDE * 2], SHELF),
        all=True,
    )


AROUND = Prepared(_around)


def for_basket(
    product_ids: Collection[int], market: Market, *, limit: int = 4, now: Now = None
) -> list[CardView]:
    """Cards of what goes with all of this, then of best sellers. Nothing that is in it."""
    cards = Card.objects.in_market(market).filter(in_stock=True).exclude(product__in=product_ids)
    popular = cards.order_by(*MOST_POPULAR)[:limit]
    if not product_ids:
        return shown(popular, market=market, now=now)
    wanted = [*_picked(product_ids), *_companions(product_ids, limit=limit * SPARE)]
    rows = _told_apart(cards.filter(product__in=wanted), GOES_WITH).union(
        _told_apart(popular, SELLERS), all=True
    )
    found = _by_kind(rows, market, now)
    return _first([*_in_order(found[GOES_WITH], wanted), *found[SELLERS]], limit)


def for_viewer(
    slugs: Sequence[str], market: Market, *, limit: int = 4, now: Now = None
) -> tuple[list[CardView], list[CardView]]:
    """Cards of what somebody looked at, latest first, and of what they may want next.

    Three queries; none when there are no slugs.
    """
    if not slugs:
        return [], []
    place = {slug: number for number, slug in enumerate(slugs)}
    here = Card.objects.in_market(market)
    rows = list(here.filter(slug__in=slugs).values_list("slug", *COLUMNS))
    rows.sort(key=lambda row: place[row[0]])
    seen = [card_view(row[1:], market=market, now=now) for row in rows]
    ids = [card.product_id for card in seen]
    wanted = _blended(ids, limit=limit * SPARE)
    found = shown(here.filter(in_stock=True, product__in=wanted), market=market, now=now)
    return seen[:limit], _in_order(found, wanted)[:limit]


def _told_apart(cards: "QuerySet[Card]", kind: str) -> Any:
    kinds = Value(kind, output_field=CharField())
    return cards.annotate(kind=kinds).values_list("kind", *COLUMNS)


def _prepared(cards: "QuerySet[Card]", product: int, kind: str) -> "QuerySet[Card]":
    rows = Recommendation.objects.filter(product=product, kind=kind)
    place = rows.filter(other=OuterRef("product")).values("position")[:1]
    return cards.filter(product__in=rows.values("other")).order_by(Subquery(place), "pk")


def _by_kind(rows: Iterable[Any], market: Market, now: Now) -> dict[str, list[CardView]]:
    found: dict[str, list[CardView]] = defaultdict(list)
    for kind, *row in rows:
        found[kind].append(card_view(row, market=market, now=now))
    return found


def _first(
    cards: Iterable[CardView], limit: int, *, without: Collection[int] = ()
) -> list[CardView]:
    """So many of these, each product once."""
    once: dict[int, CardView] = {}
    for card in cards:
        once.setdefault(card.product_id, card)
    return [card for card in once.values() if card.product_id not in without][:limit]


def _in_order(cards: Iterable[CardView], product_ids: Sequence[int]) -> list[CardView]:
    by_product = {card.product_id: card for card in cards}
    return [by_product[pk] for pk in dict.fromkeys(product_ids) if pk in by_product]


def _picked(product_ids: Collection[int]) -> list[int]:
    """What staff chose to go with any of these."""
    rows = Product.goes_with.through.objects.filter(from_product__in=product_ids).order_by("pk")
    return list(rows.values_list("to_product", flat=True))


def _companions(product_ids: Collection[int], *, limit: int) -> list[int]:
    """What others bought with these, likeliest first."""
    rows = Recommendation.objects.filter(product__in=product_ids, kind=GOES_WITH)
    companions: dict[int, list[Companion[int]]] = defaultdict(list)
    for row in rows:
        companions[row.product_id].append(
            Companion(
                product=row.other_id,
                score=row.score,
                confidence=row.confidence or 0.0,
                lift=row.lift or 0.0,
                together=row.together,
                baskets=row.baskets,
            )
        )
    return next_basket([product_ids], companions, {}, limit=limit, again=False)


def _blended(product_ids: Sequence[int], *, limit: int) -> list[int]:
    """What stands high beside many of these, in either kind of row; the latest count most."""
    latest = {product: 1 / (number + 2) for number, product in enumerate(product_ids)}
    scores: dict[int, float] = defaultdict(float)
    rows = Recommendation.objects.filter(product__in=latest).exclude(other__in=latest)
    for product, other, position in rows.values_list("product_id", "other_id", F("position")):
        scores[other] += latest[product] / (position + HALF_AT)
    return sorted(scores, key=lambda other: (-scores[other], other))[:limit]
