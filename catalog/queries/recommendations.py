"""What to show beside a product, a basket, or what somebody has looked at. Only what is in stock."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, FilteredRelation, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from catalog.models import Card, Market, Product, Recommendation
from catalog.queries.cards import COLUMNS, MOST_POPULAR, CardView, Now, card_views, shown
from shop.lib.affinity import Companion, next_basket
from shop.lib.parts import kept
from shop.lib.prepared import Prepared
from shop.lib.told import ToldRows, ToldValues

GOES_WITH, RELATED = Recommendation.Kind.GOES_WITH, Recommendation.Kind.RELATED
SELLERS = "sellers"
# How many stand in a row beside a product or a basket.
BESIDE = 4
# A card as JSON tells it: COLUMNS.
Told = Sequence[Any]
# Some of the prepared ones will be sold out, or stand in another row already.
SPARE = 3
# Of two rows of the same product, the first weighs twice as much as the one at this place.
HALF_AT = 6


def company(market: int) -> dict[str, ToldRows]:
    """What to annotate a product with for around(): the cards in stock of what is beside it. market: its id.

    `picks`: of what staff put there, best sellers first; `found`: kind and card of what was found, the
    nearest first.
    """
    picks = Product.goes_with.through.objects.filter(from_product=OuterRef("pk"))
    picks = _with_card(picks, "to_product", market).order_by("-card__popularity", "card__pk")
    found = Recommendation.objects.filter(product=OuterRef("pk"))
    found = _with_card(found, "other", market).order_by("position", "pk")
    return {
        "picks": ToldRows(picks.values_list(CARD)),
        "found": ToldRows(found.values_list(ToldValues("kind", CARD))),
    }


def _with_card(rows: Any, of: str, market: int) -> Any:
    """Those of these rows that have a card in stock, with it."""
    wanted = Q(**{f"{of}__cards__market": market, f"{of}__cards__in_stock": True})
    card = FilteredRelation(f"{of}__cards", condition=wanted)
    return rows.annotate(card=card).filter(card__isnull=False)


def around(
    product: Product, market: Market, *, now: Now = None
) -> tuple[list[CardView], list[CardView]]:
    """Cards of what is like the product, and of what goes with it, for one with company(). No query of its own.

    With it goes what staff chose, then what is bought together. Like it is what was found alike;
    a product too new for that is beside what its shelf sells best.
    """
    found: dict[str, list[Told]] = defaultdict(list)
    for kind, card in product.found:  # type: ignore[attr-defined]
        found[kind].append(card)
    picks: list[Told] = product.picks  # type: ignore[attr-defined]
    beside = _first([*picks, *found[GOES_WITH]], but={product.pk})
    like = _first(found[RELATED], but={product.pk, *beside})
    views = [card_views(map(_row, one.values()), market=market, now=now) for one in (like, beside)]
    if len(like) < BESIDE:
        known = {product.pk, *like, *beside}
        views[0] += [one for one in _shelved(product, market, now) if one.product_id not in known]
    return views[0][:BESIDE], views[1]


def _first(cards: Iterable[Told], *, but: Collection[int]) -> dict[int, Told]:
    """So many of these as stand beside a product, each once, by their products."""
    found: dict[int, Told] = {}
    for card in cards:
        if len(found) < BESIDE and card[PRODUCT] not in but:
            found.setdefault(card[PRODUCT], card)
    return found


def _row(card: Told) -> list[Any]:
    """A card as a query for COLUMNS gives it."""
    row = list(card)
    for place, made in MAKE.items():
        row[place] = made(row[place])
    return row


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# The card of something as JSON; amounts as text, so that no digit is lost on the way.
AMOUNTS = ("price_from", "price_to", "compare_at", "rating_avg")
CARD = ToldValues(
    *[
        Cast(f"card__{name}", TextField()) if name in AMOUNTS else f"card__{name}"
        for name in COLUMNS
    ]
)
PRODUCT = COLUMNS.index("product_id")
MAKE = {
    **{COLUMNS.index(name): _amount for name in AMOUNTS},
    COLUMNS.index("published_at"): dt.datetime.fromisoformat,
}


def _shelved(product: Product, market: Market, now: Now) -> tuple[CardView, ...]:
    """What the product's shelf sells best; kept for all that lie on it."""
    if product.category is None:
        return ()
    shelf = product.category.url_path

    def read() -> tuple[CardView, ...]:
        rows = SELLING.rows(market=market.pk, shelf=shelf)
        return tuple(card_views(rows, market=market, now=now))

    # What is new today is new all day.
    return kept(f"selling:{market.pk}:{shelf}:{now and now.date()}", read)


def _selling(market: int, shelf: str) -> "QuerySet[Card, Any]":
    cards = Card.objects.filter(market=market, in_stock=True).under(shelf)
    # As many as may stand in the rows beside the product already, and itself.
    return cards.order_by(*MOST_POPULAR).values_list(*COLUMNS)[: BESIDE * 3 + 1]


SELLING = Prepared(_selling)


def for_basket(
    product_ids: Collection[int], market: Market, *, now: Now = None
) -> tuple[CardView, ...]:
    """Cards of what goes with all of this, then of best sellers. Nothing that is in it.

    Three queries.
    """
    ids = sorted(product_ids)
    wanted = [*_picked(ids), *_companions(ids, limit=BESIDE * SPARE)] if ids else []
    found: dict[str, list[Any]] = defaultdict(list)
    # Without anything to ask for, for what is never there.
    asked = {"market": market.pk, "ids": ids or [0], "wanted": wanted or [0]}
    for kind, *row in FOR_BASKET.rows(**asked):
        found[kind].append(row)
    beside, selling = (
        card_views(found[kind], market=market, now=now) for kind in (GOES_WITH, SELLERS)
    )
    once = {one.product_id: one for one in (*_in_order(beside, wanted), *selling)}
    return tuple(once.values())[:BESIDE]


def _beside_basket(market: int, ids: list[int], wanted: list[int]) -> Any:
    cards = Card.objects.filter(market=market, in_stock=True).exclude(product__in=ids)
    popular = cards.order_by(*MOST_POPULAR)[:BESIDE]
    return _told_apart(cards.filter(product__in=wanted), GOES_WITH).union(
        _told_apart(popular, SELLERS), all=True
    )


FOR_BASKET = Prepared(_beside_basket)


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
    seen = card_views((row[1:] for row in rows), market=market, now=now)
    ids = [card.product_id for card in seen]
    wanted = _blended(ids, limit=limit * SPARE)
    found = shown(here.filter(in_stock=True, product__in=wanted), market=market, now=now)
    return seen[:limit], _in_order(found, wanted)[:limit]


def _told_apart(cards: "QuerySet[Card]", kind: str) -> Any:
    kinds = Value(kind, output_field=CharField())
    return cards.annotate(kind=kinds).values_list("kind", *COLUMNS)


def _in_order(cards: Iterable[CardView], product_ids: Sequence[int]) -> list[CardView]:
    by_product = {card.product_id: card for card in cards}
    return [by_product[pk] for pk in dict.fromkeys(product_ids) if pk in by_product]


def _picked(product_ids: Collection[int]) -> list[int]:
    """What staff chose to go with any of these."""
    return PICKED.rows(products=list(product_ids))


PICKED = Prepared(
    lambda products: (
        Product.goes_with.through.objects.filter(from_product__in=products)
        .order_by("pk")
        .values_list("to_product", flat=True)
    )
)
BOUGHT = Prepared(
    lambda products: Recommendation.objects.filter(product__in=products, kind=GOES_WITH)
)


def _companions(product_ids: Collection[int], *, limit: int) -> list[int]:
    """What others bought with these, likeliest first."""
    rows = BOUGHT.rows(products=list(product_ids))
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
