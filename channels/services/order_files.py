"""Orders of a marketplace as a file: a table with a row per piece, or JSON with an object per order.

Columns and keys: reference, placed_at, email, name, company, line1, line2, city, postcode, country,
phone, currency, shipping, and per piece sku, quantity, price. Prices as the market enters them.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from shop.lib.csvfiles import BadRow, FileRefused, table
from shop.lib.text import clean

NAMES = ("email", "name", "company", "line1", "line2", "city", "postcode", "country", "phone")
MOST_ORDERS = 10_000
MOST_LINES = 200
NEEDED = {"reference", "sku"}


@dataclass(frozen=True, slots=True)
class SoldLine:
    """Units of their SKU at a price each."""

    sku: str
    quantity: int
    price: Decimal


@dataclass(slots=True)
class SoldOrder:
    """An order as the file tells it. problem: why it can't be read, in words."""

    reference: str
    placed_at: dt.datetime | None = None
    buyer: dict[str, str] = field(default_factory=dict)
    currency: str = ""
    shipping: Decimal = Decimal(0)
    lines: list[SoldLine] = field(default_factory=list)
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the shop keeps it, to be tried again."""
        return {
            "reference": self.reference,
            "placed_at": self.placed_at.isoformat() if self.placed_at else "",
            **self.buyer,
            "currency": self.currency,
            "shipping": str(self.shipping),
            "lines": [
                {"sku": one.sku, "quantity": one.quantity, "price": str(one.price)}
                for one in self.lines
            ],
        }


def read(path: Path) -> list[SoldOrder]:
    """Every order of a file. Raises FileRefused when it is neither a table nor JSON of orders."""
    with path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    found = _from_json(path) if start[:1] in (b"[", b"{") else _from_table(path)
    if not found:
        raise FileRefused(_("There is no order in this file."))
    if len(found) > MOST_ORDERS:
        raise FileRefused(_("At most %(most)s orders at once.") % {"most": MOST_ORDERS})
    return found


def read_one(data: Mapping[str, Any]) -> SoldOrder:
    """An order from its own words, as JSON has them."""
    order = SoldOrder(_text(data.get("reference"))[:80])
    try:
        _fill(order, data)
        order.lines = _lines(data.get("lines"))
    except ValueError as error:
        order.problem = str(error)
    return order


def _lines(rows: Any) -> list[SoldLine]:
    if not isinstance(rows, list) or not rows or len(rows) > MOST_LINES:
        raise ValueError(_("It has no lines."))
    return [_line(one if isinstance(one, Mapping) else {}) for one in rows]


def _from_json(path: Path) -> list[SoldOrder]:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise FileRefused(_("This is not JSON: %(why)s") % {"why": str(error)[:120]}) from None
    rows = data.get("orders") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        raise FileRefused(_("The file should hold a list of orders."))
    return [read_one(row if isinstance(row, Mapping) else {}) for row in rows]


def _from_table(path: Path) -> list[SoldOrder]:
    with table(path) as found:
        columns = {" ".join(one.split()).lower() for one in found.columns}
        if missing := NEEDED - columns:
            raise FileRefused(_("Columns are missing: %(what)s.") % {"what": ", ".join(missing)})
        return list(_grouped(found.rows))


def _grouped(rows: Iterable[Any]) -> Iterator[SoldOrder]:
    """Rows of one reference are one order, wherever they stand."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if isinstance(row, BadRow):
            found[f"line {row.line}"] = {"reference": "", "problem": row.problem}
            continue
        cells = row.cells
        reference = _text(cells.get("reference"))
        order = found.setdefault(reference, {**cells, "lines": []})
        order["lines"].append({name: cells.get(name) for name in ("sku", "quantity", "price")})
    for data in found.values():
        sold = read_one(data)
        sold.problem = data.get("problem") or sold.problem
        yield sold


def _fill(order: SoldOrder, data: Mapping[str, Any]) -> None:
    if not order.reference:
        raise ValueError(_("It has no reference."))
    order.buyer = {name: _text(data.get(name))[:120] for name in NAMES}
    order.buyer["country"] = order.buyer["country"].upper()[:2]
    order.buyer["email"] = order.buyer["email"].lower()
    order.currency = _text(data.get("currency")).upper()[:3]
    order.shipping = _amount(data.get("shipping") or 0, _("shipping"))
    order.placed_at = _moment(_text(data.get("placed_at")))
    for name in ("name", "line1", "city", "country"):
        if not order.buyer[name]:
            raise ValueError(_("%(what)s is missing.") % {"what": name})


def _line(data: Mapping[str, Any]) -> SoldLine:
    sku = _text(data.get("sku"))[:64]
    if not sku:
        raise ValueError(_("A line has no SKU."))
    text = _text(data.get("quantity") or "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 999):
        raise ValueError(_("%(sku)s: the quantity is not a number from 1 to 999.") % {"sku": sku})
    return SoldLine(sku, int(text), _amount(data.get("price"), sku))


def _amount(value: Any, what: str) -> Decimal:
    try:
        amount = Decimal(_text(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < 10**9 or amount.as_tuple().exponent < -3:  # type: ignore[operator]
        raise ValueError(_("%(what)s: the price is not an amount like 12.50.") % {"what": what})
    return amount


def _moment(text: str) -> dt.datetime | None:
    """None when nobody says; a moment without a zone is UTC."""
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise ValueError(_("placed_at is not a moment like 2026-05-01T10:00:00Z."))
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _text(value: Any) -> str:
    return clean(str(value)) if value is not None else ""
