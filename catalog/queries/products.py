"""Everything a product page shows of the catalogue, in a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, FilteredRelation, OuterRef, Q
from django.db.models.functions import JSONObject

from catalog.models import Card, Image, Market, OptionValue, PriceHistory, Product, Review, Variant
from catalog.queries.options import Choice, OptionRow, ValueRow
from catalog.queries.pictures import Picture, picture_of, smallest
from catalog.queries.price_history import lowest_before
from catalog.queries.safety import may_be_sold

MOST_REVIEWS = 10
Stock = Mapping[int, tuple[int, int]]


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
    distribution: list[tuple[int, int, int]]
    items: list[ReviewView]


def product_on_sale(slug: str, *, now: dt.datetime) -> Product:
    """With `sold_in`, the ids of its markets, and `spread`, its reviews by stars. One query.

    Raises NotSold, or Discontinued for what was sold once.
    """
    sold_in = Card.objects.filter(product=OuterRef("pk")).values_list("market_id")
    spread = (
        Review.objects.filter(product=OuterRef("pk"), status=Review.Status.PUBLISHED)
        .values("stars")
        .annotate(told=JSONObject(stars="stars", count=Count("pk")))
        .values_list("told")
    )
    found = Product.objects.filter(slug=slug).select_related(
        "category", "type", "manufacturer", "responsible"
    )
    product = found.annotate(sold_in=ArraySubquery(sold_in), spread=ArraySubquery(spread)).first()
    if product is None:
        raise NotSold(slug)
    if product.status == Product.Status.ARCHIVED:
        raise Discontinued(product)
    if not product.is_on_sale(now=now):
        raise NotSold(slug)
    return product


def variant_rows(product: Product, market: Market) -> Sequence[Variant]:
    """Variants on sale, each with `amount`, `compare_at`, `steps` of its price and `value_ids`.

    One query. Raises NotSold.
    """
    if not may_be_sold(product, market):
        raise NotSold(product.slug)
    steps = (
        PriceHistory.objects.filter(variant=OuterRef("pk"), market=market)
        .order_by("at", "pk")
        .values_list(JSONObject(at="at", amount="amount"))
    )
    variants = list(
        Variant.objects.filter(product=product, is_active=True)
        .annotate(here=FilteredRelation("prices", condition=Q(prices__market=market)))
        .filter(here__isnull=False)
        .annotate(
            amount=F("here__amount"),
            compare_at=F("here__compare_at"),
            steps=ArraySubquery(steps),
            value_ids=ArrayAgg("values", filter=Q(values__isnull=False), default=[]),
        )
        .order_by("position", "pk")
    )
    if not variants:
        raise NotSold(product.slug)
    return variants


def options(product: Product) -> list[OptionRow]:
    """The product's options with their values, in order. One query."""
    values: dict[tuple[int, str], list[ValueRow]] = defaultdict(list)
    rows = (
        OptionValue.objects.filter(option__product=product)
        .order_by("option__position", "option_id", "position", "pk")
        .values_list("option_id", "option__name", "pk", "name", "tile")
    )
    for option_id, option, pk, name, tile in rows:
        values[option_id, option].append(ValueRow(pk, name, tile))
    return [OptionRow(*option, found) for option, found in values.items()]


def choices(
    product: Product, variants: Sequence[Any], options: Sequence[OptionRow], stock: Stock
) -> list[Choice]:
    """The variants as the option pickers see them. stock: (available, low_at) by variant id."""
    option_of = {value.pk: option.pk for option in options for value in option.values}
    return [
        Choice(
            pk=one.pk,
            sku=one.sku,
            label=one.label,
            barcode=one.barcode,
            grams=one.grams,
            max_quantity=one.max_quantity,
            price=one.amount,
            compare_at=one.compare_at,
            values={option_of[pk]: pk for pk in one.value_ids if pk in option_of},
            # What is not sent in a parcel cannot run out.
            available=stock.get(one.pk, (0, 0))[0] if product.type.is_shipped else one.max_quantity,
            low_at=stock.get(one.pk, (0, 0))[1] if product.type.is_shipped else 0,
            prior=_prior(one.steps),
            content=one.content,
            content_unit=one.content_unit,
        )
        for one in variants
    ]


def _prior(steps: Sequence[Mapping[str, Any]]) -> Decimal | None:
    told = [(dt.datetime.fromisoformat(one["at"]), Decimal(str(one["amount"]))) for one in steps]
    return lowest_before(told) if told else None


def gallery(product: Product, choice: Choice) -> list[GalleryPicture]:
    """Pictures of the chosen values, then those of all; every picture when that leaves none."""
    images = list(Image.objects.filter(product=product).exclude(file="").order_by("position", "pk"))
    wanted = set(choice.values.values())
    own = [image for image in images if image.value_id in wanted]
    common = [image for image in images if image.value_id is None]
    pictures = [picture_of(image, alt=product.title) for image in own + common or images]
    return [
        GalleryPicture(**one.parts(), anchor=f"picture-{place}", thumb=smallest(one))
        for place, one in enumerate(pictures, 1)
    ]


def reviews(product: Product) -> Reviews:
    """The newest reviews and the spread of all, for a product with its `spread`. One query."""
    spread = {one["stars"]: one["count"] for one in product.spread}  # type: ignore[attr-defined]
    total = sum(spread.values())
    published = Review.objects.filter(product=product, status=Review.Status.PUBLISHED)
    items = published.order_by("-written_at", "-pk")[:MOST_REVIEWS] if total else ()
    return Reviews(
        average=sum(n * number for n, number in spread.items()) / total if total else None,
        count=total,
        distribution=[
            (n, spread.get(n, 0), round(100 * spread.get(n, 0) / max(1, total)))
            for n in range(5, 0, -1)
        ],
        items=[
            ReviewView(
                author=one.author,
                stars=one.stars,
                title="",
                text=one.text,
                date=one.written_at.date(),
                is_verified=one.is_verified,
                reply=one.reply,
            )
            for one in items
        ],
    )
