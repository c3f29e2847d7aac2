"""What things cost at this very moment, whether or not a worker has written it down yet."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from catalog.models import CollectionEntry, Market, Price, SaleEntry
from catalog.queries.sales import Piece, outcome, rules_now
from shop.lib.prepared import Prepared

ENTRIES = SaleEntry.objects.filter(variant=OuterRef("variant"), market=OuterRef("market"))
COLLECTIONS = CollectionEntry.objects.filter(product=OuterRef("variant__product"))


def _rows(market: int, variants: list[int]) -> "QuerySet[Price, Any]":
    return Price.objects.filter(market=market, variant__in=variants).values_list(
        "variant_id",
        "amount",
        "compare_at",
        "variant__product_id",
        "variant__product__category__path",
        ArraySubquery(COLLECTIONS.values("collection_id")),
        ArraySubquery(ENTRIES.values(told=JSONObject(sale="sale_id", amount="amount"))),
    )


ROWS = Prepared(_rows)


class PriceNow(NamedTuple):
    """A price in its market's currency. note: the sale it comes from, in words; else empty.

    is_on_sale: announced as reduced, by a sale or by what staff say it was.
    """

    amount: Decimal
    note: str
    is_on_sale: bool


def prices_now(market: Market, variant_ids: Iterable[int], now: dt.datetime) -> dict[int, PriceNow]:
    """By variant id; what has no price here is left out. One query.

    Worked out anew from the regular price: a sale that ended a second ago counts for nothing.
    """
    # Prices before rules: a change that becomes the price in between is not taken off twice.
    known = ROWS.rows(market=market.pk, variants=list(variant_ids))
    rules = rules_now(now=now) if known else []
    found = {}
    for variant_id, amount, compare_at, product, path, collections, entries in known:
        piece = Piece(
            market=market,
            amount=amount,
            product=product,
            path=path or "",
            collections=collections,
            entries={one["sale"]: Decimal(str(one["amount"])) for one in entries},
        )
        made = outcome(piece, rules)
        note = made.rule.name if made.rule and made.is_sale else ""
        found[variant_id] = PriceNow(made.amount, note, made.is_sale or compare_at is not None)
    return found
