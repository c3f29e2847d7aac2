"""What things cost at this very moment, whether or not a worker has written it down yet."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from catalog.models import CollectionEntry, Market, Price, SaleEntry
from catalog.queries.sales import Piece, Rule, outcome, rules_now
from shop.lib.prepared import Prepared
from shop.lib.told import ToldRow, ToldRows

ENTRIES = SaleEntry.objects.filter(variant=OuterRef("variant"), market=OuterRef("market"))
TOLD = ToldRow(sale="sale_id", amount="amount")
COLLECTIONS = CollectionEntry.objects.filter(product=OuterRef("variant__product"))


def _rows(market: int, variants: list[int]) -> "QuerySet[Price, Any]":
    return Price.objects.filter(market=market, variant__in=variants).values_list(
        "variant_id",
        "amount",
        "compare_at",
        "variant__product_id",
        "variant__product__category__path",
        ArraySubquery(COLLECTIONS.values("collection_id")),
        ToldRows(ENTRIES.values(told=TOLD)),
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
    return {
        variant_id: price_now(
            Piece(
                market=market,
                amount=amount,
                product=product,
                path=path or "",
                collections=collections,
                entries=_amounts(entries),
            ),
            rules,
            is_reduced=compare_at is not None,
        )
        for variant_id, amount, compare_at, product, path, collections, entries in known
    }


def price_now(piece: Piece, rules: Sequence[Rule], *, is_reduced: bool) -> PriceNow:
    """What a piece costs by these rules. is_reduced: staff say that it cost more before."""
    made = outcome(piece, rules)
    note = made.rule.name if made.rule and made.is_sale else ""
    return PriceNow(made.amount, note, made.is_sale or is_reduced)


def written_for(variant: Any, market: Any) -> "QuerySet[Price, Any]":
    """The price of a variant as JSON, to be read with other rows; see read_again()."""
    return Price.objects.filter(variant=variant, market=market).values_list(
        ToldRow(
            # As text, so that no digit is lost on the way.
            amount=Cast("amount", TextField()),
            is_reduced=ExpressionWrapper(Q(compare_at__isnull=False), BooleanField()),
            entries=ToldRows(ENTRIES.values(told=TOLD)),
        )
    )


def read_again(told: Mapping[str, Any]) -> tuple[Decimal, dict[int, Decimal], bool]:
    """The regular price, what sales say of this very piece, whether staff say it is reduced."""
    return Decimal(told["amount"]), _amounts(told["entries"]), told["is_reduced"]


def _amounts(entries: Iterable[Mapping[str, Any]]) -> dict[int, Decimal]:
    return {one["sale"]: Decimal(str(one["amount"])) for one in entries}
