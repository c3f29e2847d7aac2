"""A large catalogue out of word lists: goods nobody made, in the shelves that are there."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from django.utils.text import slugify

from shop.demo.seeding.cards import TAG
from shop.demo.seeding.plans import (
    OptionPlan,
    PicturePlan,
    ProductPlan,
    Tag,
    ValuePlan,
    VariantPlan,
)

LOOKS = (
    "Dipped", "Speckled", "Ribbed", "Fluted", "Banded", "Raw-edge", "Faceted", "Brushed", "Woven",
    "Checked", "Striped", "Washed", "Carved", "Burnished", "Plain", "Wide", "Tall", "Shallow",
    "Slender", "Footed", "Everyday", "Morning", "Evening", "Winter", "Orchard", "Harbour", "Meadow",
    "Quarry", "Hillside", "Tideline",
)  # fmt: skip
THINGS = {
    "mugs": ("mug", "cup", "tumbler", "beaker", "espresso cup"),
    "bowls": ("bowl", "ramen bowl", "breakfast bowl", "serving bowl"),
    "plates": ("side plate", "dinner plate", "platter"),
    "teapots": ("teapot", "jug", "milk jug", "pitcher"),
    "vases": ("vase", "bud vase", "bottle", "moon jar"),
    "planters": ("planter", "pot", "hanging pot"),
    "candles": ("candle", "tealight holder", "candle refill"),
    "linen": ("tea towel", "napkin", "runner", "tablecloth", "apron"),
    "tea": ("black tea", "green tea", "herb tea", "oolong"),
    "prints": ("print", "riso print", "postcard set"),
    "paper": ("notebook", "card set", "sketchbook"),
}
PLACES = (
    "Ashdown", "Birling", "Cley", "Dunwich", "Eskdale", "Fowey", "Glaven", "Harlech", "Islay",
    "Jura", "Kelso", "Lizard", "Mendip", "Nene", "Orford", "Purbeck", "Quantock", "Rannoch",
    "Solway", "Tamar", "Ullswater", "Vyrnwy", "Wharfe", "Yarrow", "Zennor",
)  # fmt: skip
GLAZES = ("Ash", "Moss", "Ink", "Rust", "Oat", "Sea")
SIZES = ("Small", "Medium", "Large")
LAST_YEARS = 900
TODAY_AT_LEAST = 370
ON_OFFER, SOLD_OUT = 0.1, 0.08
DEARER, COST_SHARE = 4, Decimal("0.36")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category and the type its goods have."""

    category: str
    type: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """What every made-up product is drawn from."""

    shelves: Sequence[Shelf]
    pictures: Sequence[str]
    markets: Mapping[str, Decimal]  # code: what a pound is in its currency
    now: dt.datetime


def products(*, first: int, count: int, seed: int, recipe: Recipe) -> Iterator[ProductPlan]:
    """Products number `first` and following; the same number and seed give the same product."""
    for number in range(first, first + count):
        yield _product(number, random.Random(f"{seed}-{number}"), recipe)


def _product(number: int, rng: random.Random, recipe: Recipe) -> ProductPlan:
    shelf = rng.choice(recipe.shelves)
    title = f"{rng.choice(PLACES)} {rng.choice(LOOKS).lower()} {_thing(rng, shelf)}"
    glazes = rng.sample(GLAZES, rng.randint(1, 3))
    sizes = SIZES[: rng.randint(1, 2)]
    options = (
        OptionPlan("Glaze", tuple(ValuePlan(name, name.lower()) for name in glazes)),
        OptionPlan("Size", tuple(ValuePlan(name) for name in sizes)),
    )
    picture = (PicturePlan(rng.choice(recipe.pictures), title),) if recipe.pictures else ()
    return ProductPlan(
        slug=f"{slugify(title)}-{number}",
        title=title,
        subtitle=f"Batch {rng.randint(2, 60)}, {glazes[0].lower()} and {rng.choice(GLAZES).lower()}",
        category=shelf.category,
        type=shelf.type,
        published_at=recipe.now - dt.timedelta(days=rng.randint(TODAY_AT_LEAST, LAST_YEARS)),
        popularity=int(1000 * rng.random() ** 3),
        options=options,
        variants=tuple(_variants(f"L{number:06d}", options, rng, recipe)),
        description=f"<p>{title}: made in small numbers, no two quite alike.</p>",
        specs=[["Batch", str(rng.randint(2, 60))], ["Made in", "United Kingdom"]],
        tags=(TAG,),
        pictures=picture,
    )


def _thing(rng: random.Random, shelf: Shelf) -> str:
    """A noun that fits the shelf, else any."""
    words = next((words for stem, words in THINGS.items() if stem in shelf.category), None)
    return rng.choice(words or THINGS[rng.choice(tuple(THINGS))])


def _variants(
    stem: str, options: Sequence[OptionPlan], rng: random.Random, recipe: Recipe
) -> Iterator[VariantPlan]:
    """Every combination; a larger size costs and weighs more."""
    price, is_reduced = Decimal(rng.randint(8, 90)), rng.random() < ON_OFFER
    for glaze, size in product(*(range(len(option.values)) for option in options)):
        amount = price + DEARER * size
        yield VariantPlan(
            sku=f"{stem}-{glaze}{size}",
            label=f"{options[0].values[glaze].name}, {options[1].values[size].name}",
            choice=(glaze, size),
            prices={
                market: _tag(amount * worth, is_reduced=is_reduced)
                for market, worth in recipe.markets.items()
            },
            cost=(amount * COST_SHARE).quantize(Decimal("0.01")),
            grams=200 + 150 * size + rng.randint(0, 600),
            stock=0 if rng.random() < SOLD_OUT else rng.randint(1, 60),
            origin="GB",
            hs_code="69120023",
        )


def _tag(amount: Decimal, *, is_reduced: bool) -> Tag:
    whole = amount.quantize(Decimal(1))
    was = (whole * Decimal("1.2")).quantize(Decimal(1)) if is_reduced else None
    return Tag(whole, was)
