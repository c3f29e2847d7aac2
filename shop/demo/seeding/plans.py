"""A product as somebody describes it, before it has rows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Tag:
    """An amount in one market's currency, and what it was before."""

    amount: Decimal
    was: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ValuePlan:
    name: str
    tile: str = ""


@dataclass(frozen=True, slots=True)
class OptionPlan:
    name: str
    values: tuple[ValuePlan, ...]


@dataclass(frozen=True, slots=True)
class VariantPlan:
    """One SKU. `choice` holds the index of the chosen value of each option."""

    sku: str
    label: str
    choice: tuple[int, ...]
    prices: Mapping[str, Tag]  # by market code
    cost: Decimal
    grams: int
    stock: int
    origin: str = ""
    hs_code: str = ""
    least: int = 1
    step: int = 1
    content: tuple[Decimal | None, str] = (None, "")


@dataclass(frozen=True, slots=True)
class PicturePlan:
    """A picture file; `shows` is (option, value) as indexes, or None when it shows them all."""

    file: str
    alt: str
    shows: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    author: str
    stars: int
    text: str
    written_at: dt.datetime
    is_verified: bool = True
    reply: str = ""


@dataclass(frozen=True, slots=True)
class ProductPlan:
    slug: str
    title: str
    subtitle: str
    category: str  # its url_path
    type: str  # its code
    published_at: dt.datetime
    popularity: int
    variants: tuple[VariantPlan, ...]
    options: tuple[OptionPlan, ...] = ()
    description: str = ""
    meta_description: str = ""
    specs: list[list[str]] = field(default_factory=list)
    care: str = ""
    tags: tuple[str, ...] = ()
    pictures: tuple[PicturePlan, ...] = ()
    reviews: tuple[ReviewPlan, ...] = ()
    goes_with: tuple[str, ...] = ()
    # By language; none at all says that somebody looked and found none to give.
    warnings: Mapping[str, str] = field(default_factory=dict)
