"""Everything a product page shows of the catalogue, in a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    When,
)
from django.db.models.functions import Cast

from catalog.models import (
    BundlePart,
    Card,
    CollectionEntry,
    Extra,
    Image,
    PriceHistory,
    Product,
    Review,
    Variant,
)
from catalog.queries.attributes import told_specs
from catalog.queries.options import Choice, OptionRow, ValueRow
from catalog.queries.pictures import Picture, picture_told, smallest
from catalog.queries.price_history import lowest_before
from catalog.queries.price_lists import written_for
from catalog.queries.recommendations import company
from catalog.queries.stock import NO_STOCK, Stock
from shop.lib import rulebook
from shop.lib.told import ToldRow, ToldRows

MOST_REVIEWS = 10
# A value of a variant with its option, as JSON.
CHOSEN = ToldRow(
    option="optionvalue__option_id",
    option_name="optionvalue__option__name",
    place="optionvalue__option__position",
    pk="optionvalue_id",
    name="optionvalue__name",
    tile="optionvalue__tile",
    position="optionvalue__position",
)
# Of a variant, by the names of a Choice; the rest of it is made of what follows.
AS_TOLD = (
    *("pk", "sku", "label", "barcode", "mpn", "grams", "is_fragile", "is_bundle", "written"),
    *("min_quantity", "quantity_step", "max_quantity", "content_unit"),
)
# A variant of variants_on_sale() as JSON. Amounts as text, so that no digit is lost on the way.
FACTS: Mapping[str, Any] = {
    **{name: name for name in (*AS_TOLD, "length_mm", "width_mm", "height_mm", "steps", "chosen")},
    **{name: Cast(f"here__{name}", TextField()) for name in ("amount", "current", "compare_at")},
    "content": Cast("content", TextField()),
    "reduced_at": "here__reduced_at",
    "until": "here__sale__ends_at",
}
# A row as JSON tells it.
Told = Mapping[str, Any]


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


def sheets(slug: str, market: int) -> "QuerySet[Product]":
    """The product with all that is told of it as a whole, in one row.

    `sold_in`, the ids of its markets, `pictures`, its reviews (`spread` by stars and the `newest`),
    whether it `has_extras`, the answers `told` in its specification, the ids of the collections it
    `lies_in`, what recommendations.around() goes by, and the version of the `rules`.
    """
    sold_in = Card.objects.filter(product=OuterRef("pk")).values_list("market_id")
    spread = (
        Review.objects.filter(product=OuterRef("pk"), status=Review.Status.PUBLISHED)
        .values("stars")
        .annotate(told=ToldRow(stars="stars", count=Count("pk")))
        .values_list("told")
    )
    lies_in = CollectionEntry.objects.filter(product=OuterRef("pk"))
    return Product.objects.filter(slug=slug).annotate(
        sold_in=ArraySubquery(sold_in),
        spread=ToldRows(spread),
        pictures=ToldRows(_pictures()),
        newest=ToldRows(_newest()),
        has_extras=Exists(Extra.objects.filter(product=OuterRef("pk"))),
        told=ToldRows(told_specs()),
        lies_in=ArraySubquery(lies_in.values_list("collection_id")),
        rules=rulebook.VersionNow(),
        **company(market),
    )


def variants_on_sale(market: int) -> "QuerySet[Variant]":
    """Variants of the product of an outer query that are on sale, in order. market: its id."""
    steps = PriceHistory.objects.filter(variant=OuterRef("pk"), market=market)
    steps = steps.order_by("at", "pk").values_list(ToldRow(at="at", amount="amount"))
    is_reduced = Q(here__compare_at__isnull=False) | Q(here__reduced_at__isnull=False)
    values = Variant.values.through.objects.filter(variant=OuterRef("pk"))
    return (
        Variant.objects.filter(product=OuterRef("pk"), is_active=True)
        .annotate(here=FilteredRelation("prices", condition=Q(prices__market=market)))
        .filter(here__isnull=False)
        .annotate(
            steps=Case(When(is_reduced, then=ToldRows(steps))),
            written=ToldRows(written_for(OuterRef("pk"))),
            is_bundle=Exists(BundlePart.objects.filter(bundle=OuterRef("pk"))),
            chosen=ToldRows(values.values_list(CHOSEN)),
        )
        .order_by("position", "pk")
    )


def options(variants: Sequence[Told]) -> list[OptionRow]:
    """The options of these variants with the values that they have, in order."""
    rows = {row["pk"]: row for one in variants for row in one["chosen"]}
    values: dict[tuple[int, str], list[ValueRow]] = defaultdict(list)
    for row in sorted(rows.values(), key=itemgetter("place", "option", "position", "pk")):
        found = ValueRow(row["pk"], row["name"], row["tile"])
        values[row["option"], row["option_name"]].append(found)
    return [OptionRow(*option, found) for option, found in values.items()]


def choices(variants: Sequence[Told], stock: Mapping[int, Stock]) -> list[Choice]:
    """The variants as the option pickers see them. stock: by variant id."""
    return [_choice(one, stock.get(one["pk"], NO_STOCK)) for one in variants]


def _choice(one: Told, stock: Stock) -> Choice:
    reduced_at = _moment(one["reduced_at"])
    return Choice(
        **{name: one[name] for name in AS_TOLD},
        price=Decimal(one["current"]),
        compare_at=_amount(one["compare_at"]),
        values={row["option"]: row["pk"] for row in one["chosen"]},
        sides=(one["length_mm"], one["width_mm"], one["height_mm"]),
        stock=stock,
        prior=_prior(one["steps"], reduced_at) if one["steps"] else None,
        regular=None if reduced_at is None else _amount(one["amount"]),
        until=_moment(one["until"]),
        content=_amount(one["content"]),
    )


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)


def _prior(steps: Sequence[Told], since: dt.datetime | None) -> Decimal | None:
    told = [(dt.datetime.fromisoformat(one["at"]), Decimal(str(one["amount"]))) for one in steps]
    return lowest_before(told, since=since)


def gallery(product: Product, choice: Choice) -> tuple[GalleryPicture, ...]:
    """Pictures of the chosen values, then those of all; every picture when that leaves none."""
    images: list[Mapping[str, Any]] = product.pictures  # type: ignore[attr-defined]
    wanted = set(choice.values.values())
    own = [image for image in images if image["value_id"] in wanted]
    common = [image for image in images if image["value_id"] is None]
    pictures = [picture_told(image, alt=product.title) for image in own + common or images]
    return tuple(_hung(one, f"picture-{place}") for place, one in enumerate(pictures, 1))


def _hung(one: Picture, anchor: str) -> GalleryPicture:
    thumb = smallest(one)
    return GalleryPicture(
        one.alt, one.width, one.height, one.src, one.srcset, one.sources, anchor, thumb
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
    return images.order_by("position", "pk").values_list(ToldRow(**{n: n for n in names}))


def _newest() -> "QuerySet[Review, Any]":
    names = ("author", "stars", "text", "written_at", "is_verified", "reply")
    published = Review.objects.filter(product=OuterRef("pk"), status=Review.Status.PUBLISHED)
    newest = published.order_by("-written_at", "-pk")[:MOST_REVIEWS]
    return newest.values_list(ToldRow(**{n: n for n in names}))
