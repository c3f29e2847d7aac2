"""Products with their options, variants, prices, stock, pictures and reviews, by COPY."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings

from catalog.models import (
    Category,
    Image,
    Market,
    Option,
    OptionValue,
    Price,
    Product,
    ProductType,
    Review,
    SafetyParty,
    Variant,
)
from inventory.models import Location, StockItem, StockMovement, Valuation
from inventory.services.stock import default_location
from payments.services.books.goods import OPENING
from shop.demo.seeding.copying import as_json, reserve_ids
from shop.demo.seeding.loading import Columns, Load
from shop.demo.seeding.plans import PicturePlan, ProductPlan, ReviewPlan, VariantPlan

CHOICES = Variant.values.through
PAIRS = Product.goes_with.through
OPENED = dt.timedelta(days=400)
LOW_AT = 3
MOST = 99
COLUMNS: Columns = {
    Product: "id title slug subtitle type_id category_id brand description specs care tags status"
    " published_at popularity meta_title meta_description manufacturer_id responsible_id warnings"
    " needs_no_warning completeness gaps source source_ref created_at updated_at",
    Option: "id product_id name position",
    OptionValue: "id option_id name position tile",
    Variant: "id product_id sku barcode mpn label position grams origin hs_code cost min_quantity"
    " quantity_step max_quantity content content_unit uses_keys is_active",
    CHOICES: "variant_id optionvalue_id",
    Price: "variant_id market_id amount compare_at",
    StockItem: "id variant_id location_id on_hand allocated safety low_at",
    StockMovement: "stock_item_id kind on_hand_change allocated_change value_change reason reference"
    " at",
    Valuation: "variant_id units value",
    Image: "product_id value_id file width height alt position source_url status problem"
    " renditions",
    Review: "product_id author stars text is_verified reply status written_at",
    PAIRS: "from_product_id to_product_id",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file that lies in the media folder, and the copies made of it so far."""

    name: str
    width: int
    height: int
    copies: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shelves:
    """The rows that products hang on."""

    types: Mapping[str, int]
    categories: Mapping[str, int]
    markets: Mapping[str, int]
    location: Location
    # Who makes the goods, and who stands for them in the EU.
    parties: tuple[int, int]
    brand: str
    pictures: Mapping[str, Picture]
    picture_status: Image.Status
    now: dt.datetime


def shelves(
    *, brand: str, pictures: Mapping[str, Picture], status: Image.Status, now: dt.datetime
) -> Shelves:
    return Shelves(
        types=dict(ProductType.objects.values_list("code", "pk")),
        categories=dict(Category.objects.values_list("url_path", "pk")),
        markets=dict(Market.objects.values_list("code", "pk")),
        location=default_location(),
        parties=_parties(),
        brand=brand,
        pictures=pictures,
        picture_status=status,
        now=now,
    )


def _parties() -> tuple[int, int]:
    shop = settings.SHOP
    maker, _made = SafetyParty.objects.get_or_create(
        name=shop["company"],
        defaults={
            "address": "\n".join(shop["address"]),
            "country": shop["country"],
            "contact": shop["email"],
        },
    )
    beside, _made = SafetyParty.objects.get_or_create(
        name=f"{shop['name']} Ireland",
        defaults={
            "address": "3 Quay Stores\nCork T12 XY00",
            "country": "IE",
            "contact": f"eu@{shop['mail_domain']}",
        },
    )
    return maker.pk, beside.pk


def write(plans: Sequence[ProductPlan], shelves: Shelves) -> int:
    """Write products with everything that hangs on them. Returns the number of rows."""
    writing = _Writing(Load(COLUMNS), _Ids.reserve(plans), shelves)
    slugs = (plan.slug for plan in plans)
    products = dict(zip(slugs, reserve_ids(Product, len(plans)), strict=True))
    for plan in plans:
        writing.product(products[plan.slug], plan)
        for slug in plan.goes_with:
            if slug in products:
                writing.load.add(PAIRS, products[plan.slug], products[slug])
    return writing.load.write()


@dataclass(frozen=True, slots=True)
class _Ids:
    options: Iterator[int]
    values: Iterator[int]
    variants: Iterator[int]
    stock: Iterator[int]

    @classmethod
    def reserve(cls, plans: Sequence[ProductPlan]) -> "_Ids":
        options = [option for plan in plans for option in plan.options]
        variants = sum(len(plan.variants) for plan in plans)
        return cls(
            options=iter(reserve_ids(Option, len(options))),
            values=iter(reserve_ids(OptionValue, sum(len(one.values) for one in options))),
            variants=iter(reserve_ids(Variant, variants)),
            stock=iter(reserve_ids(StockItem, variants)),
        )


@dataclass(frozen=True, slots=True)
class _Writing:
    load: Load
    ids: _Ids
    shelves: Shelves

    def product(self, product_id: int, plan: ProductPlan) -> None:
        shelves = self.shelves
        places = (shelves.types[plan.type], shelves.categories[plan.category], shelves.brand)
        texts = (plan.description, as_json(plan.specs), plan.care, list(plan.tags))
        sale = (Product.Status.ACTIVE, plan.published_at, plan.popularity)
        # Search engines may use the title; these products come from no import.
        found = ("", plan.meta_description)
        no_gaps: list[str] = []
        safety = (*shelves.parties, as_json(plan.warnings), not plan.warnings, 0, no_gaps)
        origin = ("", "", plan.published_at, shelves.now)
        names = (plan.title, plan.slug, plan.subtitle)
        self.load.add(Product, product_id, *names, *places, *texts, *sale, *found, *safety, *origin)
        values = self._options(product_id, plan)
        for position, variant in enumerate(plan.variants):
            self._variant(product_id, position, variant, values)
        for position, picture in enumerate(plan.pictures):
            self._picture(product_id, position, picture, values)
        for review in plan.reviews:
            self._review(product_id, review)

    def _options(self, product_id: int, plan: ProductPlan) -> list[list[int]]:
        """Write the options; return the ids of their values by option and value index."""
        values = []
        for position, option in enumerate(plan.options):
            option_id = next(self.ids.options)
            self.load.add(Option, option_id, product_id, option.name, position)
            values.append([next(self.ids.values) for _value in option.values])
            for place, value in enumerate(option.values):
                known = (values[-1][place], option_id, value.name, place, value.tile)
                self.load.add(OptionValue, *known)
        return values

    def _variant(
        self, product_id: int, position: int, plan: VariantPlan, values: list[list[int]]
    ) -> None:
        variant_id = next(self.ids.variants)
        codes = (plan.sku, "", plan.sku)
        facts = (plan.grams, plan.origin, plan.hs_code, plan.cost)
        amounts = (plan.least, plan.step, MOST, *plan.content, False, True)
        self.load.add(
            Variant, variant_id, product_id, *codes, plan.label, position, *facts, *amounts
        )
        for option, chosen in enumerate(plan.choice):
            self.load.add(CHOICES, variant_id, values[option][chosen])
        for market, tag in plan.prices.items():
            market_id = self.shelves.markets[market]
            self.load.add(Price, variant_id, market_id, tag.amount, tag.was)
        self._stock(variant_id, plan.stock, plan.cost)

    def _stock(self, variant_id: int, units: int, cost: Decimal) -> None:
        item_id = next(self.ids.stock)
        location = self.shelves.location
        self.load.add(StockItem, item_id, variant_id, location.pk, units, 0, 0, LOW_AT)
        if units:
            changes = (StockMovement.Kind.RECEIPT, units, 0, units * cost)
            opened_at = self.shelves.now - OPENED
            why = ("Opening stock", OPENING)
            self.load.add(StockMovement, item_id, *changes, *why, opened_at)
            self.load.add(Valuation, variant_id, units, units * cost)

    def _picture(
        self, product_id: int, position: int, plan: PicturePlan, values: list[list[int]]
    ) -> None:
        picture = self.shelves.pictures.get(plan.file)
        if picture is None:
            return
        value_id = values[plan.shows[0]][plan.shows[1]] if plan.shows else None
        file = (picture.name, picture.width, picture.height, plan.alt, position)
        state = ("", self.shelves.picture_status, "", as_json(picture.copies))
        self.load.add(Image, product_id, value_id, *file, *state)

    def _review(self, product_id: int, plan: ReviewPlan) -> None:
        said = (plan.author, plan.stars, plan.text, plan.is_verified, plan.reply)
        self.load.add(Review, product_id, *said, Review.Status.PUBLISHED, plan.written_at)
