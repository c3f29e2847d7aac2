"""Which prices sales say something of, and those prices with all that sales ask of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import CollectionEntry, Market, Price, Sale, SaleEntry
from catalog.queries.sales import Outcome, Piece, Rule, rules_of


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
        return (self.sale, self.sale_amount) != stored(self.piece, made)


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
    for (
        pk, is_fixed, sale, sale_amount, reduced_at, variant, market, amount, product, path
    ) in found.iterator():  # fmt: skip
        piece = Piece(
            market=markets[market],
            amount=amount,
            product=product,
            path=path or "",
            collections=collections.get(product, ()),
            entries=entries.get((variant, market), {}),
        )
        yield Row(pk, is_fixed, sale, sale_amount, reduced_at, variant, piece)


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


def stored(piece: Piece, made: Outcome) -> tuple[int | None, Decimal | None]:
    if made.rule is None or made.amount == piece.amount:
        return None, None
    return made.rule.pk, made.amount
