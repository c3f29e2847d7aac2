"""A report told once: its fields make the table on the page and the lines of the file."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone

from analytics.views.books.tables import Cell, Column, Table, Words, day
from analytics.views.figures import count, decimals, percent
from analytics.views.sheets import Row
from shop.lib.money import ZERO
from shop.templatetags.shop_text import money

Read = Callable[[Any], Any]
Show = Callable[[Any, str], Words]


@dataclass(frozen=True, slots=True)
class Field:
    """key: its heading in the file; of: the exact value of a row; show: (value, currency) in words;
    url: the page of the rows behind it."""

    key: str
    name: Words
    of: Read
    show: Show
    is_number: bool = True
    url: Callable[[Any], str] | None = None


def text(key: str, name: Words, of: Read, url: Callable[[Any], str] | None = None) -> Field:
    return Field(key, name, of, lambda value, _currency: value or "", is_number=False, url=url)


def on(key: str, name: Words, of: Read) -> Field:
    return Field(key, name, of, lambda value, _currency: day(_date(value)), is_number=False)


def _date(value: dt.date | dt.datetime | None) -> dt.date | None:
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value


def _number(show: Callable[[Any], str], key: str, name: Words, of: Read, **more: Any) -> Field:
    return Field(
        key, name, of, lambda value, _currency: "–" if value is None else show(value), **more
    )


units = partial(_number, count)
share = partial(_number, percent)
decimal = partial(_number, lambda value: decimals(Decimal(value), 1))


def worth(key: str, name: Words, of: Read, **more: Any) -> Field:
    return Field(key, name, of, _money, **more)


def _money(value: Decimal | None, currency: str) -> str:
    # Adding zero: a sum of nothing turned round would be "-0.00".
    return "–" if value is None else money(value + ZERO, currency)


def table(label: Words, fields: Sequence[Field], rows: Iterable[Any], currency: str) -> Table:
    return Table(
        label=label,
        columns=[Column(field.name, is_number=field.is_number) for field in fields],
        rows=[[_cell(field, row, currency) for field in fields] for row in rows],
    )


def _cell(field: Field, row: Any, currency: str) -> Cell:
    words = field.show(field.of(row), currency)
    url = field.url(row) if field.url else ""
    return Cell(words, url, is_number=field.is_number)


def lines(fields: Sequence[Field], rows: Iterable[Any]) -> Iterator[Row]:
    for row in rows:
        yield tuple(_exact(field.of(row)) for field in fields)


def _exact(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value


def variant_url(sku: str) -> str:
    return reverse("analytics:stock_variant", args=[sku])


def piece(variant: Any) -> str:
    return ", ".join(filter(None, (variant.product.title, variant.label)))


def pieces() -> list[Field]:
    """What a row that is a variant begins with."""
    return [
        text("sku", "SKU", lambda row: row.sku, lambda row: variant_url(row.sku)),
        text("piece", "Piece", piece),
    ]
