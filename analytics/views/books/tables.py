"""A report as the one table every page of the books shows, and as a file."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise

from analytics.views.chart import day_range
from shop.lib.money import ZERO
from shop.templatetags.shop_text import money

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Cell:
    """Words, and the page of the rows behind them. tone: "bad" for what is wrong."""

    text: Words
    url: str = ""
    is_number: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    name: Words
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """columns, rows and what stands below them; label: what the table is, for who can't see it."""

    label: Words
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Sequence[Cell]] = ()


def words(*names: Words) -> list[Column]:
    return [Column(name) for name in names]


def numbers(*names: Words) -> list[Column]:
    return [Column(name, is_number=True) for name in names]


def amount(value: Decimal | None, currency: str, url: str = "") -> Cell:
    """An amount; a dash for none that is known."""
    # Adding zero: a sum of nothing turned round would be "-0.00".
    return Cell("–" if value is None else money(value + ZERO, currency), url, is_number=True)


def amounts(values: Iterable[Decimal | None], currency: str) -> list[Cell]:
    return [amount(value, currency) for value in values]


def day(on: dt.date | None) -> str:
    return day_range(on, on) if on else ""


def link(name: str, *args: Any, **query: Any) -> str:
    """The address of a page of the books, with what is asked of it."""
    given = {key: value for key, value in query.items() if value not in (None, "")}
    return address(name, *args) + (f"?{urlencode(given)}" if given else "")


def address(name: str, *args: Any) -> str:
    return reverse(f"analytics:books_{name}", args=args)


def account_url(code: str, first: dt.date | None, last: dt.date, **more: Any) -> str:
    return link("account", code, start=first or dt.date(2000, 1, 1), end=last, **more)
