"""Fills a shop, step by step; a step that was done is not done again."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, QuerySet

from catalog.models import Category, Image, Market, Product, ProductType, Variant
from catalog.queries.pictures import picture_of
from inventory.services import snapshots
from orders.models import Order
from orders.queries import picture_for
from shop.demo.seeding import (
    afterwards,
    articles,
    bills,
    cards,
    catalogue,
    collections,
    content,
    customers,
    desk,
    documents,
    foretell,
    goods,
    large,
    large_answers,
    lists,
    orders,
    payouts,
    people,
    pictures,
    places,
    posting,
    promotions,
    purchases,
    risks,
    sales_plan,
    specials,
    staff,
    stocking,
    suppliers,
)
from shop.demo.seeding.copying import analyze, unhurried
from shop.demo.seeding.large import Recipe, Shelf
from shop.lib.workdays import shop_day
from shop.processes import browsing, recommending
from shop.processes.bookkeeping import history

YEAR_OF_ORDERS = 3_500
PRODUCTS_AT_ONCE = 2_500
POUND = {"GBP": Decimal(1), "EUR": Decimal("1.2")}
SAMPLE_PICTURES = 200
A_FEW = 100

Say = Callable[[str], None]


class NotADemo(Exception):
    """Raised when made-up goods or orders would land among real ones."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How large the shop shall be. products None: the demo catalogue; orders None: 3,500."""

    products: int | None = None
    orders: int | None = None
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Missing:
    """What a shop lacks of a wish; a run that was cut short leaves some of it."""

    catalogue: bool
    products: int
    orders: int
    cards: bool
    books: bool

    @classmethod
    def of(cls, wish: Wish, *, now: dt.datetime) -> "Missing":
        wanted = YEAR_OF_ORDERS if wish.orders is None else wish.orders
        have = Product.objects.count()
        return cls(
            catalogue=not have,
            products=max(0, (wish.products or 0) - have),
            orders=max(0, wanted - Order.objects.count()),
            cards=Product.objects.on_sale(now=now).filter(cards=None).exists(),
            books=history.is_behind(),
        )

    def __bool__(self) -> bool:
        missing = (self.catalogue, self.products, self.orders, self.cards, self.books)
        return any(missing)


def fill(wish: Wish, *, now: dt.datetime, say: Say) -> bool:
    """Bring the shop up to the wish. False when there was nothing to do. Raises NotADemo."""
    missing = Missing.of(wish, now=now)
    if not missing:
        say("Already filled.")
        return False
    if not (missing.catalogue or settings.DEMO):
        raise NotADemo
    unhurried()
    _base(missing, now, say)
    _large(wish, now, say)
    analyze()
    if missing.orders:
        shown = _pictures_by_variant()
        orders.fill(missing.orders, seed=wish.seed, now=now, pictures=shown, say=say)
    if missing.catalogue:
        say(f"{purchases.fill(now=now)} purchase orders")
        stocking.fill(now=now)
    payouts.fill(today=shop_day(now))
    if missing.catalogue:
        bills.fill(now=now, today=shop_day(now))
    analyze()
    documents.fill(now=now, say=say)
    history.book(now=now, say=lambda name, count: say(f"{count:,} entries in the books: {name}"))
    snapshots.renew(now=now)
    _shelve(now, say)
    analyze()
    recommending.recommend(now=now)
    say("what goes with what")
    foretell.fill(now=now, say=say)
    if missing.catalogue:
        lists.fill(now=now)
        content.fill(now=now)
        risks.fill(now=now)
        desk.fill(now=now)
        if wish.orders is None:
            afterwards.fill(now=now)
            people.fill(now=now)
    analyze()
    return True


@transaction.atomic
def _base(missing: Missing, now: dt.datetime, say: Say) -> None:
    places.fill()
    say("markets, taxes, delivery")
    if missing.catalogue:
        articles.fill(now=now)
        count = catalogue.fill(now=now)
        specials.fill(now=now)
        promotions.fill(now=now)
        customers.fill(now=now)
        sales_plan.fill(now=now)
        suppliers.fill()
        posting.fill()
        say(f"{count:,} products of the demo catalogue, their suppliers, articles")
    if settings.DEMO:
        staff.fill()
        say("a login for every role")


def _shelve(now: dt.datetime, say: Say) -> None:
    """Write the cards that lists are made of."""
    cards.build(say=say)
    made_up = Product.objects.filter(tags__contains=[cards.TAG]).values_list("pk", flat=True)
    drawn = Product.objects.exclude(tags__contains=[cards.TAG]).values_list("pk", flat=True)
    # A few made-up ones as well: that is how their option values become filters.
    browsing.refresh_cards(product_ids=[*drawn, *made_up.order_by("pk")[:A_FEW]], now=now)
    browsing.refresh_words(now=now)
    collections.settle(now=now)
    say(f"{Product.objects.count():,} products on the shelves")


def _large(wish: Wish, now: dt.datetime, say: Say) -> None:
    """Made-up products until there are as many as wished."""
    have = Product.objects.count()
    missing = max(0, (wish.products or 0) - have)
    if not missing:
        return
    kept = pictures.in_use(limit=SAMPLE_PICTURES)
    shelves = goods.shelves(
        brand=settings.SHOP["name"], pictures=kept, status=Image.Status.READY, now=now
    )
    recipe = Recipe(
        shelves=_shelves(),
        pictures=sorted(kept),
        markets={m.code: POUND.get(m.currency, Decimal(1)) for m in Market.objects.in_order()},
        now=now,
    )
    for first in range(have, have + missing, PRODUCTS_AT_ONCE):
        count = min(PRODUCTS_AT_ONCE, have + missing - first)
        plans = large.products(first=first, count=count, seed=wish.seed, recipe=recipe)
        with transaction.atomic():
            goods.write(list(plans), shelves)
        say(f"{first + count:,} products")
    large_answers.fill()


def _shelves() -> list[Shelf]:
    """Where made-up goods may lie: the lowest categories whose goods travel in a parcel."""
    types = set(ProductType.objects.filter(is_shipped=True).values_list("code", flat=True))
    paths = Category.objects.filter(numchild=0).order_by("path").values_list("url_path", flat=True)
    roots = [(path, path.partition("/")[0]) for path in paths]
    return [Shelf(path, root) for path, root in roots if root in types]


def _pictures_by_variant() -> dict[int, dict[str, Any]]:
    """What order lines show of each variant of the demo catalogue."""
    shown = {}
    for variant in _pictured_variants():
        image = picture_for(variant)
        if image is not None:
            shown[variant.pk] = picture_of(image, alt=variant.product.title).as_json()
    return shown


def _pictured_variants() -> QuerySet[Variant]:
    images = Image.objects.exclude(file="").order_by("position", "pk")
    variants = Variant.objects.exclude(product__tags__contains=[cards.TAG]).select_related(
        "product"
    )
    return variants.prefetch_related("values", Prefetch("product__images", queryset=images))
