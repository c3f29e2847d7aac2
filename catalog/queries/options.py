"""Choosing a variant by links: which one an address means, and where each value leads."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus

from catalog.queries.pictures import tile_url
from catalog.queries.price_history import announced
from catalog.queries.stock import NO_STOCK, Stock
from shop.templatetags.shop_text import short_money


@dataclass(frozen=True, slots=True)
class Choice:
    """A variant on sale. values: value id by option id. Price in the market's currency."""

    pk: int
    sku: str
    label: str
    barcode: str
    grams: int
    max_quantity: int
    price: Decimal
    compare_at: Decimal | None
    values: Mapping[int, int]
    stock: Stock = NO_STOCK
    min_quantity: int = 1
    quantity_step: int = 1
    # Lowest price of the 30 days before this one, of what is reduced; what the pack holds, and in which unit.
    prior: Decimal | None = None
    content: Decimal | None = None
    content_unit: str = ""
    is_bundle: bool = False
    # Packed for the post, in mm; zeros: not measured.
    sides: tuple[int, int, int] = (0, 0, 0)
    is_fragile: bool = False
    mpn: str = ""
    # What price lists say of it, as price_lists.written_for() tells it.
    written: Sequence[Mapping[str, Any]] = ()
    # What a sale reduces, None without one; until when the price holds.
    regular: Decimal | None = None
    until: dt.datetime | None = None

    @property
    def was(self) -> Decimal | None:
        """The price to strike out."""
        return announced(self.price, self.compare_at, self.prior, regular=self.regular)

    @property
    def lowest_30(self) -> Decimal | None:
        """Told of whatever is announced as reduced."""
        is_reduced = self.compare_at is not None or self.regular is not None
        return self.prior if is_reduced else None

    def seconds_left(self, now: dt.datetime) -> float:
        """How long the price stays true."""
        return (self.until - now).total_seconds() if self.until else float("inf")

    @property
    def can_be_had(self) -> bool:
        """Now or later."""
        return self.stock.sellable > 0


@dataclass(frozen=True, slots=True)
class ValueRow:
    pk: int
    name: str
    tile: str


@dataclass(frozen=True, slots=True)
class OptionRow:
    pk: int
    name: str
    values: Sequence[ValueRow]


@dataclass(frozen=True, slots=True)
class ValueView:
    anchor: str
    label: str
    value: str
    url: str
    is_chosen: bool
    is_sold_out: bool
    is_impossible: bool
    tile_url: str
    price_text: str


@dataclass(frozen=True, slots=True)
class OptionView:
    anchor: str
    name: str
    chosen: str
    values: tuple[ValueView, ...]


def chosen(choices: Sequence[Choice], sku: str) -> Choice:
    """The variant of this SKU, in any case; else the first that can be bought; else the first."""
    named = next((one for one in choices if one.sku.upper() == sku.upper()), None)
    return named or next((one for one in choices if one.can_be_had), choices[0])


def address(url: str, choice: Choice) -> str:
    return f"{url}{'&' if '?' in url else '?'}v={quote_plus(choice.sku)}"


def option_views(
    options: Sequence[OptionRow],
    choices: Sequence[Choice],
    current: Choice,
    *,
    url: str,
    currency: str,
) -> tuple[OptionView, ...]:
    """The pickers: every value of every variant on sale, sold out or not, leads to a variant."""
    return tuple(
        OptionView(
            anchor=f"option-{place}",
            name=option.name,
            chosen=next((v.name for v in option.values if _has(current, option, v)), ""),
            values=_values(f"option-{place}", option, choices, current, url, currency),
        )
        for place, option in enumerate(options, 1)
    )


def _values(
    anchor: str,
    option: OptionRow,
    choices: Sequence[Choice],
    current: Choice,
    url: str,
    currency: str,
) -> tuple[ValueView, ...]:
    targets = [
        (value, nearest(option.pk, value.pk, choices, current))
        for value in option.values
        if any(_has(one, option, value) for one in choices)
    ]
    exact = [target for _value, target in targets if _differs_only_in(option.pk, target, current)]
    tell_price = len({target.price for target in exact}) > 1
    return tuple(
        ValueView(
            anchor=f"{anchor}-{place}",
            label=value.name,
            value=target.sku,
            url=address(url, target),
            is_chosen=_has(current, option, value),
            is_sold_out=not target.can_be_had,
            is_impossible=target not in exact,
            tile_url=tile_url(value.tile),
            price_text=short_money(target.price, currency)
            if tell_price and target in exact
            else "",
        )
        for place, (value, target) in enumerate(targets, 1)
    )


def nearest(option_id: int, value_id: int, choices: Sequence[Choice], current: Choice) -> Choice:
    """The variant with this value that shares most with the current one; stock decides ties."""

    def likeness(one: Choice) -> tuple[int, bool]:
        shared = sum(
            one.values.get(option) == value
            for option, value in current.values.items()
            if option != option_id
        )
        return shared, one.can_be_had

    return max((one for one in choices if one.values.get(option_id) == value_id), key=likeness)


def _differs_only_in(option_id: int, one: Choice, current: Choice) -> bool:
    keys = (one.values.keys() | current.values.keys()) - {option_id}
    return all(one.values.get(key) == current.values.get(key) for key in keys)


def _has(choice: Choice, option: OptionRow, value: ValueRow) -> bool:
    return choice.values.get(option.pk) == value.pk
