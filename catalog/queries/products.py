"""Everything a product page shows of the catalogue, in a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from catalog.models import (
    BundlePart,
    Card,
    CollectionEntry,
    Extra,
    Image,
    Market,
    PriceHistory,
    Product,
    Review,
    Variant,
)
from catalog.queries.attributes import told_specs
from catalog.queries.options import Choice, OptionRow, ValueRow
from catalog.queries.pictures import Picture, picture_of, smallest
from catalog.queries.price_history import lowest_before
from catalog.queries.price_lists import public_lists
from catalog.queries.recommendations import company
from catalog.queries.safety import may_be_sold
from catalog.queries.stock import NO_STOCK, Stock
from shop.lib.prepared import Prepared

MOST_REVIEWS = 10
# A value of a variant with its option, as JSON.
CHOSEN = JSONObject(
    option="values__option_id",
    option_name="values__option__name",
    place="values__option__position",
    pk="values__pk",
    name="values__name",
    tile="values__tile",
    position="values__position",
)


class NotSold(Exception):
    """Raised when there is no such product on sale in the market."""


class Discontinued(NotSold):
    """Raised when the product is not made any more. Carries it, so that others can be offered."""

    def __init__(self, product: Product) -> None:
        super().__init__(product.slug)
        self.product = product


@dataclass(frozen=True, slots=True)
class GalleryPicture(Picture):
    """A picture with its place in the gallery."""

    anchor: str = ""
    thumb: Picture | None = None


@dataclass(frozen=True, slots=True)
class ReviewView:
    author: str
    stars: int
    title: str
    text: str
    date: dt.date
    is_verified: bool
    reply: str


@dataclass(frozen=True, slots=True)
class Reviews:
    average: float | None
    count: int
    distribution: tuple[tuple[int, int, int], ...]
    items: tuple[ReviewView, ...]


def product_on_sale(slug: str, *, now: dt.datetime) -> Product:
    """As product_of(). Raises NotSold, or Discontinued for what was sold once."""
    product = product_of(slug)
    if product.status == Product.Status.ARCHIVED:
        raise Discontinued(product)
    if not product.is_on_sale(now=now):
        raise NotSold(slug)
    return product


def product_of(slug: str) -> Product:
    """With all that is told of it as a whole: `sold_in`, the ids of its markets, `pictures`, its reviews (`spread` by
    stars and the `newest`), whether it `has_extras`, the answers `told` in its specification, the ids of the collections
    it `lies_in`, and what recommendations.around() goes by. One query.

    Raises NotSold when there is none, and takes those that are not on sale.
    """
    product: Product | None = PRODUCT.first(slug=slug)
    if product is None:
        raise NotSold(slug)
    return product


def _product(slug: str) -> "QuerySet[Product]":
    sold_in = Card.objects.filter(product=OuterRef("pk")).values_list("market_id")
    spread = (
        Review.objects.filter(product=OuterRef("pk"), status=Review.Status.PUBLISHED)
        .values("stars")
        .annotate(told=JSONObject(stars="stars", count=Count("pk")))
        .values_list("told")
    )
    lies_in = CollectionEntry.objects.filter(product=OuterRef("pk"))
    found = Product.objects.filter(slug=slug).select_related(
        "category", "type", "manufacturer", "responsible"
    )
    return found.annotate(
        sold_in=ArraySubquery(sold_in),
        spread=ArraySubquery(spread),
        pictures=ArraySubquery(_pictures()),
        newest=ArraySubquery(_newest()),
        has_extras=Exists(Extra.objects.filter(product=OuterRef("pk"))),
        told=ArraySubquery(told_specs()),
        lies_in=ArraySubquery(lies_in.values_list("collection_id")),
        **company(),
    )


def variant_rows(product: Product, market: Market, *, now: dt.datetime) -> Sequence[Variant]:
    """Variants on sale, each with its price, the `steps` that led there, what is `chosen`, and `lists`.

    One query. Raises NotSold.
    """
    if not may_be_sold(product, market):
        raise NotSold(product.slug)
    variants = VARIANTS.rows(product=product.pk, market=market.pk, now=now)
    if not variants:
        raise NotSold(product.slug)
    return variants


def _variants(product: int, market: int, now: dt.datetime) -> "QuerySet[Variant]":
    steps = (
        PriceHistory.objects.filter(variant=OuterRef("pk"), market=market)
        .order_by("at", "pk")
        .values_list(JSONObject(at="at", amount="amount"))
    )
    return (
        Variant.objects.filter(product=product, is_active=True)
        .annotate(here=FilteredRelation("prices", condition=Q(prices__market=market)))
        .filter(here__isnull=False)
        .annotate(
            amount=F("here__amount"),
            current=F("here__current"),
            compare_at=F("here__compare_at"),
            reduced_at=F("here__reduced_at"),
            until=F("here__sale__ends_at"),
            steps=ArraySubquery(steps),
            lists=ArraySubquery(public_lists(market, now=now)),
            is_bundle=Exists(BundlePart.objects.filter(bundle=OuterRef("pk"))),
            chosen=ArrayAgg(CHOSEN, filter=Q(values__isnull=False), default=[]),
        )
        .order_by("position", "pk")
    )


def options(variants: Sequence[Any]) -> list[OptionRow]:
    """The options of these variants with the values that they have, in order."""
    rows = {row["pk"]: row for one in variants for row in one.chosen}
    values: dict[tuple[int, str], list[ValueRow]] = defaultdict(list)
    for row in sorted(rows.values(), key=itemgetter("place", "option", "position", "pk")):
        found = ValueRow(row["pk"], row["name"], row["tile"])
        values[row["option"], row["option_name"]].append(found)
    return [OptionRow(*option, found) for option, found in values.items()]


def choices(variants: Sequence[Any], stock: Mapping[int, Stock]) -> list[Choice]:
    """The variants as the option pickers see them. stock: by variant id."""
    return [
        Choice(
            pk=one.pk,
            sku=one.sku,
            label=one.label,
            barcode=one.barcode,
            grams=one.grams,
            max_quantity=one.max_quantity,
            price=one.current,
            compare_at=one.compare_at,
            values={row["option"]: row["pk"] for row in one.chosen},
            is_bundle=one.is_bundle,
            sides=(one.length_mm, one.width_mm, one.height_mm),
            is_fragile=one.is_fragile,
            lists=one.lists,
            stock=stock.get(one.pk, NO_STOCK),
            min_quantity=one.min_quantity,
            quantity_step=one.quantity_step,
            prior=_prior(one.steps, one.reduced_at),
            regular=None if one.reduced_at is None else one.amount,
            until=one.until,
            content=one.content,
            content_unit=one.content_unit,
            mpn=one.mpn,
        )
        for one in variants
    ]


def _prior(steps: Sequence[Mapping[str, Any]], since: dt.datetime | None) -> Decimal | None:
    told = [(dt.datetime.fromisoformat(one["at"]), Decimal(str(one["amount"]))) for one in steps]
    return lowest_before(told, since=since) if told else None


def gallery(product: Product, choice: Choice) -> tuple[GalleryPicture, ...]:
    """Pictures of the chosen values, then those of all; every picture when that leaves none."""
    images = [Image(**one) for one in product.pictures]  # type: ignore[attr-defined]
    wanted = set(choice.values.values())
    own = [image for image in images if image.value_id in wanted]
    common = [image for image in images if image.value_id is None]
    pictures = [picture_of(image, alt=product.title) for image in own + common or images]
    return tuple(
        GalleryPicture(**one.parts(), anchor=f"picture-{place}", thumb=smallest(one))
        for place, one in enumerate(pictures, 1)
    )


def reviews(product: Product) -> Reviews:
    """The newest reviews and the spread of all, for a product of product_of()."""
    spread = {one["stars"]: one["count"] for one in product.spread}  # type: ignore[attr-defined]
    total = sum(spread.values())
    return Reviews(
        average=sum(n * number for n, number in spread.items()) / total if total else None,
        count=total,
        distribution=tuple(
            (n, spread.get(n, 0), round(100 * spread.get(n, 0) / max(1, total)))
            for n in range(5, 0, -1)
        ),
        items=tuple(
            ReviewView(
                author=one["author"],
                stars=one["stars"],
                title="",
                text=one["text"],
                date=dt.datetime.fromisoformat(one["written_at"]).date(),
                is_verified=one["is_verified"],
                reply=one["reply"],
            )
            for one in product.newest  # type: ignore[attr-defined]
        ),
    )


def _pictures() -> "QuerySet[Image, Any]":
    names = ("alt", "width", "height", "file", "renditions", "value_id")
    images = Image.objects.filter(product=OuterRef("pk")).exclude(file="")
    return images.order_by("position", "pk").values_list(JSONObject(**{n: n for n in names}))


def _newest() -> "QuerySet[Review, Any]":
    names = ("author", "stars", "text", "written_at", "is_verified", "reply")
    published = Review.objects.filter(product=OuterRef("pk"), status=Review.Status.PUBLISHED)
    newest = published.order_by("-written_at", "-pk")[:MOST_REVIEWS]
    return newest.values_list(JSONObject(**{n: n for n in names}))


PRODUCT, VARIANTS = Prepared(_product), Prepared(_variants)
