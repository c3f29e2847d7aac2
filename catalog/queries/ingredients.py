"""Everything cards are made from, read for many products at once: a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Avg, Count

from catalog.models import Category, CollectionEntry, Image, Price, Product, Review, Variant
from catalog.queries.attributes import Answer, Row, answers_of, rows_of
from catalog.queries.price_history import announced, prior_prices


@dataclass(frozen=True, slots=True)
class Value:
    """An option value as a variant carries it. Positions: of the option, then of the value."""

    option: str
    name: str
    tile: str
    place: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PriceHere:
    """What is asked, what is said to have been before it, and the lowest of the 30 days before it.

    regular: the price that a sale reduces; None without a sale.
    """

    amount: Decimal
    compare_at: Decimal | None
    prior: Decimal | None = None
    regular: Decimal | None = None

    @property
    def was(self) -> Decimal | None:
        return announced(self.amount, self.compare_at, self.prior, regular=self.regular)

    @property
    def lowest_30(self) -> Decimal | None:
        """Told of whatever is announced as reduced."""
        is_reduced = self.compare_at is not None or self.regular is not None
        return self.prior if is_reduced else None


@dataclass(slots=True)
class Offered:
    """A variant that is for sale, its values in option order, its prices by market id."""

    pk: int
    sku: str
    barcode: str = ""
    mpn: str = ""
    values: list[Value] = field(default_factory=list)
    prices: dict[int, PriceHere] = field(default_factory=dict)


@dataclass(slots=True)
class Ingredients:
    product: Product
    shelves: list[Category]
    variants: list[Offered]
    image: Image | None
    rating_avg: Decimal | None
    rating_count: int
    answers: list[Answer] = field(default_factory=list)
    # Slugs.
    collections: list[str] = field(default_factory=list)

    @property
    def specs(self) -> list[Row]:
        return rows_of(self.answers, self.product)


def gather(product_ids: Sequence[int], *, now: dt.datetime) -> list[Ingredients]:
    """The ingredients of the products among these that are on sale."""
    products = list(
        Product.objects.on_sale(now=now)
        .filter(pk__in=product_ids)
        .select_related("category", "type", "manufacturer", "responsible")
    )
    ids = [product.pk for product in products]
    variants, images, ratings = _variants(ids), _first_images(ids), _ratings(ids)
    shelves = _shelves(product.category for product in products)
    answers, collections = answers_of(ids), _collections(ids)
    return [
        Ingredients(
            product=product,
            shelves=_lineage(product.category, shelves),
            variants=variants[product.pk],
            image=images.get(product.pk),
            rating_avg=ratings.get(product.pk, (None, 0))[0],
            rating_count=ratings.get(product.pk, (None, 0))[1],
            answers=answers.get(product.pk, []),
            collections=collections.get(product.pk, []),
        )
        for product in products
    ]


def ancestry(url_path: str) -> list[str]:
    """Addresses of a shelf and of everything above it, from the root down."""
    parts = url_path.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


def _variants(product_ids: Sequence[int]) -> Mapping[int, list[Offered]]:
    rows = (
        Variant.objects.filter(product__in=product_ids, is_active=True)
        .order_by("product", "position", "pk")
        .values_list("product_id", "pk", "sku", "barcode", "mpn")
    )
    offered: dict[int, Offered] = {}
    by_product: dict[int, list[Offered]] = defaultdict(list)
    for product_id, pk, sku, barcode, mpn in rows:
        offered[pk] = Offered(pk, sku, barcode, mpn)
        by_product[product_id].append(offered[pk])
    _add_values(offered, product_ids)
    _add_prices(offered, product_ids)
    return by_product


def _add_values(offered: Mapping[int, Offered], product_ids: Sequence[int]) -> None:
    rows = (
        Variant.values.through.objects.filter(variant__product__in=product_ids)
        .order_by("optionvalue__option__position", "optionvalue__option_id")
        .values_list(
            "variant_id",
            "optionvalue__option__name",
            "optionvalue__name",
            "optionvalue__tile",
            "optionvalue__option__position",
            "optionvalue__position",
        )
    )
    for variant_id, option, name, tile, outer, inner in rows:
        if variant_id in offered:
            offered[variant_id].values.append(Value(option, name, tile, (outer, inner)))


def _add_prices(offered: Mapping[int, Offered], product_ids: Sequence[int]) -> None:
    rows = Price.objects.filter(variant__product__in=product_ids).values_list(
        "variant_id", "market_id", "current", "amount", "compare_at", "reduced_at"
    )
    known = [row for row in rows if row[0] in offered]
    # Only what is announced as reduced tells its past.
    since = {row[:2]: row[5] for row in known if row[4] is not None or row[5] is not None}
    prior = prior_prices({variant_id for variant_id, _market in since}, since=since)
    for variant_id, market_id, current, amount, compare_at, reduced_at in known:
        offered[variant_id].prices[market_id] = PriceHere(
            amount=current,
            compare_at=compare_at,
            prior=prior.get((variant_id, market_id)),
            regular=None if reduced_at is None else amount,
        )


def _first_images(product_ids: Sequence[int]) -> dict[int, Image]:
    images = (
        Image.objects.filter(product__in=product_ids)
        .exclude(file="")
        .order_by("product", "position", "pk")
        .distinct("product")
    )
    return {image.product_id: image for image in images}


def _ratings(product_ids: Sequence[int]) -> dict[int, tuple[Decimal, int]]:
    rows = (
        Review.objects.filter(product__in=product_ids, status=Review.Status.PUBLISHED)
        .values("product_id")
        .annotate(average=Avg("stars"), number=Count("pk"))
        .values_list("product_id", "average", "number")
    )
    return {pk: (round(Decimal(average), 2), number) for pk, average, number in rows}


def _collections(product_ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Slugs of the shown collections that hold these products."""
    rows = (
        CollectionEntry.objects.filter(product__in=product_ids, collection__is_active=True)
        .order_by("collection__slug")
        .values_list("product_id", "collection__slug")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for product_id, slug in rows:
        found[product_id].append(slug)
    return found


def _shelves(categories: Iterable[Category | None]) -> dict[str, Category]:
    wanted = {path for one in categories if one for path in ancestry(one.url_path)}
    return {one.url_path: one for one in Category.objects.filter(url_path__in=wanted)}


def _lineage(category: Category | None, shelves: Mapping[str, Category]) -> list[Category]:
    if category is None:
        return []
    return [shelves[path] for path in ancestry(category.url_path) if path in shelves]
