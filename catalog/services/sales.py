"""Sales and price changes, worked out beforehand: lists and pages only read."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Min, Q

from catalog.models import Price, PriceHistory, Sale
from catalog.queries.sale_rows import Row, reached, rows, stored
from catalog.queries.sales import Kind, Outcome, in_force, offered, outcome, rules_of
from shop.lib.batches import in_batches
from shop.lib.locks import locked

BATCH = 5_000
# Never later than the row that the trigger adds to the past, which is of this transaction's moment.
WRITE = """
update catalog_price as p set sale_id = n.sale, sale_amount = n.amount,
    reduced_at = case when n.since is not null then least(n.since, now()) end
from unnest(%s::bigint[], %s::bigint[], %s::numeric[], %s::timestamptz[])
    as n(id, sale, amount, since)
where p.id = n.id
"""
SETTLE = """
update catalog_price as p set amount = n.amount, is_fixed = true,
    compare_at = case when p.compare_at > n.amount then p.compare_at end
from unnest(%s::bigint[], %s::numeric[]) as n(id, amount) where p.id = n.id
"""


def apply(*, product_ids: Collection[int] | None, now: dt.datetime) -> set[int]:
    """Write what sales make of the prices of these products (None: of all); only what differs.

    Returns the ids of the products whose prices are different now. For all products, changes that
    became the price are written as such first.
    """
    with transaction.atomic():
        changed = _settle(now) if product_ids is None else set()
        rules = rules_of(in_force(now=now))
        prices = Price.objects.filter(Q(sale_amount__isnull=False) | reached(rules))
        if product_ids is not None:
            prices = prices.filter(variant__product__in=product_ids)
        found = rows(prices, rules, product_ids=product_ids)
        made = ((row, outcome(row.piece, rules)) for row in found)
        differing = [(row, found) for row, found in made if row.differs(found)]
        _write(differing, now)
    return changed | {row.piece.product for row, _found in differing}


def _write(differing: Sequence[tuple[Row, Outcome]], now: dt.datetime) -> None:
    with connection.cursor() as cursor:
        for batch in in_batches(differing, BATCH):
            _hold([row.pk for row, _made in batch])
            known = _first_known([row.variant for row, made in batch if _begins(row, made)])
            told = [
                (row.pk, *stored(row.piece, made), _since(row, made, known, now))
                for row, made in batch
            ]
            cursor.execute(WRITE, [list(column) for column in zip(*told, strict=True)])


def _hold(price_ids: Sequence[int]) -> None:
    """Lock these in one order: two workers at the same prices queue up."""
    held = Price.objects.filter(pk__in=price_ids).select_for_update().order_by("pk")
    list(held.values_list("pk"))


def _begins(row: Row, made: Outcome) -> bool:
    """Whether a reduction begins; one that goes on at the same price or a lower one does not."""
    if not made.is_sale:
        return False
    return row.reduced_at is None or row.sale_amount is None or made.amount > row.sale_amount


def _since(
    row: Row, made: Outcome, known: Mapping[tuple[int, int], dt.datetime], now: dt.datetime
) -> dt.datetime | None:
    """Since when sales have held the price down; what is younger than its sale never cost more."""
    if made.rule is None or not made.is_sale:
        return None
    if not _begins(row, made):
        return row.reduced_at
    first = known.get((row.variant, row.piece.market.pk), now)
    return made.rule.starts_at if first > made.rule.starts_at else now


def _first_known(variant_ids: Collection[int]) -> Mapping[tuple[int, int], dt.datetime]:
    """From when on each of these variants has had a price, by variant and market."""
    if not variant_ids:
        return {}
    past = PriceHistory.objects.filter(variant__in=variant_ids).order_by()
    found = past.values_list("variant_id", "market_id").annotate(first=Min("at"))
    return {(variant, market): first for variant, market, first in found}


def _settle(now: dt.datetime) -> set[int]:
    """A change without an end becomes the price itself, once. Returns ids of products."""
    due = in_force(now=now).filter(kind=Kind.CHANGE, ends_at=None)
    changed: set[int] = set()
    for sale in sorted(locked(due), key=lambda one: (one.starts_at, one.pk)):
        changed |= _become(sale)
        sale.applied_at = now
        sale.save(update_fields=["applied_at"])
    return changed


def _become(sale: Sale) -> set[int]:
    [rule] = rules_of(Sale.objects.filter(pk=sale.pk))
    prices = Price.objects.filter(reached([rule]))
    _hold(list(prices.values_list("pk", flat=True)))
    found = []
    for row in rows(prices, [rule]):
        amount = offered(rule, row.piece, row.piece.amount)
        # What follows another market's price changes with that one.
        follows = not row.is_fixed and rule.market is None and rule.pk not in row.piece.entries
        if amount is not None and amount != row.piece.amount and not follows:
            found.append((row, amount))
    with connection.cursor() as cursor:
        for batch in in_batches(found, BATCH):
            cursor.execute(SETTLE, [[row.pk for row, _ in batch], [to for _, to in batch]])
    return {row.piece.product for row, _amount in found}
