"""An offer as feeds tell it, in the words of Google's product data specification."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.models import Variant
from shop.lib.money import round_money

IN_STOCK, OUT_OF_STOCK = "in_stock", "out_of_stock"
BACKORDER, PREORDER = "backorder", "preorder"
# Units as the specification spells them.
UNITS = {Variant.Unit.SQUARE_METRE: "sqm", Variant.Unit.PIECE: "ct"}


@dataclass(frozen=True, slots=True)
class Shipping:
    """Delivery to a country. price: text with the currency; days: working days on the way."""

    country: str
    service: str
    price: str
    min_days: int
    max_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Everything a feed may say of one variant. Prices are texts with their currency."""

    id: str
    title: str
    description: str
    link: str
    image_link: str
    additional_image_links: Sequence[str]
    availability: str
    # The day it is sent from, when none is there yet.
    availability_date: str
    price: str
    sale_price: str
    sale_period: str
    brand: str
    gtin: str
    mpn: str
    group_id: str
    # color, size, material, pattern
    axes: Mapping[str, str]
    product_type: str
    unit_measure: str
    unit_base: str
    grams: int
    shipping: Sequence[Shipping] = field(default_factory=tuple)

    @property
    def identifier_exists(self) -> str:
        """Whether the trade can tell the piece by a number: a GTIN, or brand and part number."""
        return "yes" if self.gtin or (self.brand and self.mpn) else "no"


def priced(amount: Decimal, currency: str) -> str:
    """ "12.00 GBP"."""
    return f"{round_money(amount, currency)} {currency}"


def measured(number: Decimal | int, unit: str) -> str:
    """ "250 g", "1.5 sqm"."""
    plain = f"{Decimal(number).normalize():f}"
    return f"{plain} {UNITS.get(Variant.Unit(unit), unit)}"


def period(start: dt.datetime, end: dt.datetime) -> str:
    """ISO 8601, from/to, to the minute in UTC."""
    return f"{minute(start)}/{minute(end)}"


def minute(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M+0000")
