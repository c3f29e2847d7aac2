"""Sales and price changes, worked out beforehand: lists and pages only read."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from catalog.models import CollectionEntry, Market, Price, PriceHistory, Product, Sale, SaleEntry
from catalog.queries.sales import Kind, Outcome, Piece, Rule, in_force, offered, outcome, rules_of
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


@dataclass(frozen=True, slots=True)
class Row:
    """A price as it stands, and what rules ask of it."""

    pk: int
    is_fixed: bool
    sale: int | None
    sale_amount: Decimal | None
    reduced_at: dt.datetime | None
    variant: int
    piece: Piece

    def differs(self, made: Outcome) -> bool:
        return (self.sale, self.sale_amount) != _stored(self.piece, made)


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


def reached(rules: Iterable[Rule]) -> Q:
    """The prices that one of these rules says something of."""
    found = Q(pk__in=[])
    for rule in rules:
        here = Q() if rule.market is None else Q(market=rule.market)
        found |= here & _scope(rule)
    return found


def covered(sale: Sale) -> QuerySet[Price]:
    """Every price a sale says something of, in force or not."""
    return Price.objects.filter(reached(rules_of(Sale.objects.filter(pk=sale.pk))))


def reach(sale: Sale) -> QuerySet[Product]:
    """The products whose prices a sale makes or made."""
    prices = Price.objects.filter(Q(pk__in=covered(sale)) | Q(sale=sale))
    return Product.objects.filter(pk__in=prices.values("variant__product"))


def _scope(rule: Rule) -> Q:
    entries = SaleEntry.objects.filter(
        sale=rule.pk, variant=OuterRef("variant"), market=OuterRef("market")
    )
    return Q(Exists(entries)) | _percentage(rule)


def _percentage(rule: Rule) -> Q:
    """What the percentage is taken off, as `Rule.covers` says it of one piece."""
    if rule.percent is None:
        return Q(pk__in=[])
    if rule.covers_all:
        return Q(pk__isnull=False)
    inside = CollectionEntry.objects.filter(collection__in=rule.collections).values("product")
    found = Q(variant__product__in=rule.products) | Q(variant__product__in=inside)
    for path in rule.paths:
        found |= Q(variant__product__category__path__startswith=path)
    return found


def rows(
    prices: QuerySet[Price], rules: Sequence[Rule], *, product_ids: Collection[int] | None = None
) -> Iterator[Row]:
    """These prices with all that the rules ask of them: three queries beside their own.

    product_ids: the only products among them, when there are few.
    """
    entries, collections = _entries(rules, product_ids), _collections(rules, product_ids)
    markets = Market.objects.in_bulk()
    found = prices.order_by("pk").values_list(
        "pk",
        "is_fixed",
        "sale_id",
        "sale_amount",
        "reduced_at",
        "variant_id",
        "market_id",
        "amount",
        "variant__product_id",
        "variant__product__category__path",
    )
    for *own, variant, market, amount, product, path in found.iterator():
        piece = Piece(
            market=markets[market],
            amount=amount,
            product=product,
            path=path or "",
            collections=collections.get(product, ()),
            entries=entries.get((variant, market), {}),
        )
        yield Row(*own, variant, piece)


def _entries(
    rules: Sequence[Rule], product_ids: Collection[int] | None
) -> Mapping[tuple[int, int], dict[int, Decimal]]:
    found: dict[tuple[int, int], dict[int, Decimal]] = defaultdict(dict)
    wanted = SaleEntry.objects.filter(sale__in=[rule.pk for rule in rules])
    if product_ids is not None:
        wanted = wanted.filter(variant__product__in=product_ids)
    for sale, *key, amount in wanted.values_list("sale_id", "variant_id", "market_id", "amount"):
        found[key[0], key[1]][sale] = amount
    return found


def _collections(
    rules: Sequence[Rule], product_ids: Collection[int] | None
) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    named = {pk for rule in rules for pk in rule.collections}
    entries = CollectionEntry.objects.filter(collection__in=named)
    if product_ids is not None:
        entries = entries.filter(product__in=product_ids)
    for product, collection in entries.values_list("product_id", "collection_id"):
        found[product].add(collection)
    return found


def _stored(piece: Piece, made: Outcome) -> tuple[int | None, Decimal | None]:
    if made.rule is None or made.amount == piece.amount:
        return None, None
    return made.rule.pk, made.amount


def _write(differing: Sequence[tuple[Row, Outcome]], now: dt.datetime) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(differing), BATCH):
            batch = differing[start : start + BATCH]
            known = _first_known([row.variant for row, made in batch if _begins(row, made)])
            told = [
                (row.pk, *_stored(row.piece, made), _since(row, made, known, now))
                for row, made in batch
            ]
            cursor.execute(WRITE, [list(column) for column in zip(*told, strict=True)])


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
    locked(prices)
    found = []
    for row in rows(prices, [rule]):
        amount = offered(rule, row.piece, row.piece.amount)
        # What follows another market's price changes with that one.
        follows = not row.is_fixed and rule.market is None and rule.pk not in row.piece.entries
        if amount is not None and amount != row.piece.amount and not follows:
            found.append((row, amount))
    with connection.cursor() as cursor:
        for start in range(0, len(found), BATCH):
            batch = found[start : start + BATCH]
            cursor.execute(SETTLE, [[row.pk for row, _ in batch], [to for _, to in batch]])
    return {row.piece.product for row, _amount in found}
