"""What a supplier's file says: rows of their SKU, stock and cost. Nothing in it is believed."""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from inventory.models import SupplierFeed
from shop.lib import csvfiles
from shop.lib.csvfiles import BadRow, FileRefused, fold
from shop.lib.errors import Refused

MOST_ROWS = 200_000
MOST_PROBLEMS = 20
LONGEST_SKU = 64
# One or two digits after a comma are cents; three could be thousands, so nobody guesses.
AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6}|,[0-9]{1,2})?")
UNITS = re.compile(r"([0-9]{1,9})([.,]0{1,3})?")
STEP = Decimal("0.001")


class FeedRefused(Refused):
    """Nothing of the file can be used."""


class _BadRow(Exception):
    """This row says nothing that can be used; the message is for staff."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a feed says of one of their SKUs; None: nothing. cost: in the supplier's currency."""

    sku: str
    stock: int | None
    cost: Decimal | None


@dataclass
class Reading:
    """rows by their SKU; problems: the first few, {"row": line or place, "words": why}."""

    digest: str
    rows: dict[str, Told] = field(default_factory=dict)
    count: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)

    def complain(self, row: int, words: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append({"row": row, "words": words[:200]})


def read(content: bytes, feed: SupplierFeed) -> Reading:
    """Raises FeedRefused when it is no table, or has no row that can be used."""
    reading = Reading(_digest(content, feed))
    source = _json_rows if feed.format == SupplierFeed.Format.JSON else _csv_rows
    for number, cells in source(content, feed, reading):
        reading.count += 1
        if reading.count > MOST_ROWS:
            raise FeedRefused(_("The file has more than %(count)s rows.") % {"count": MOST_ROWS})
        try:
            _take(reading, cells, feed)
        except _BadRow as bad:
            reading.complain(number, str(bad))
    if not reading.rows:
        raise FeedRefused(_("No row of the file could be used."))
    return reading


def _digest(content: bytes, feed: SupplierFeed) -> str:
    """Of the file as it is read: told to look elsewhere in it, the shop looks again."""
    told = (feed.format, feed.sku_field, feed.stock_field, feed.cost_field, feed.rows_path)
    return hashlib.sha256(content + json.dumps(told).encode()).hexdigest()


def _take(reading: Reading, cells: Mapping[str, Any], feed: SupplierFeed) -> None:
    sku = _text(cells.get(fold(feed.sku_field)))
    if not sku or len(sku) > LONGEST_SKU:
        raise _BadRow(_("It has no SKU."))
    if sku in reading.rows:
        raise _BadRow(_("“%(sku)s” is there twice; the first one counts.") % {"sku": sku})
    stock = _units(_text(cells.get(fold(feed.stock_field)))) if feed.stock_field else None
    cost = _amount(_text(cells.get(fold(feed.cost_field)))) if feed.cost_field else None
    reading.rows[sku] = Told(sku, stock, cost)


def _text(value: Any) -> str:
    """A cell as plain text; what is no cell is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    # The database takes no zero bytes, and people see no control characters.
    return "".join(letter for letter in text if letter.isprintable()).strip()


def _units(text: str) -> int | None:
    if not text:
        return None
    if match := UNITS.fullmatch(text):
        return int(match[1])
    raise _BadRow(_("“%(text)s” is no number of units.") % {"text": text[:40]})


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    if not AMOUNT.fullmatch(text):
        raise _BadRow(_("“%(text)s” is no amount we are sure of.") % {"text": text[:40]})
    amount = Decimal(text.replace(",", ".")).quantize(STEP)
    if not amount:
        raise _BadRow(_("It costs nothing, which is hard to believe."))
    return amount


def _csv_rows(
    content: bytes, feed: SupplierFeed, reading: Reading
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(content)
        file.flush()
        try:
            with csvfiles.table(Path(file.name)) as table:
                _check_columns({fold(name) for name in table.columns}, feed)
                for row in table.rows:
                    if isinstance(row, BadRow):
                        reading.complain(row.line, row.problem)
                    else:
                        yield row.line, row.cells
        except FileRefused as refusal:
            raise FeedRefused(refusal.message) from None


def _json_rows(
    content: bytes, feed: SupplierFeed, reading: Reading
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    rows = _rows_at(_parsed(content), feed.rows_path)
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict):
            yield number, {fold(str(key)): value for key, value in row.items()}
        else:
            reading.complain(number, _("It is no object."))


def _parsed(content: bytes) -> Any:
    """Raises FeedRefused, whatever somebody sent to break the parser."""
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError):
        raise FeedRefused(_("The file is not JSON that can be read.")) from None


def _no_number(_text: str) -> NoReturn:
    raise ValueError


def _rows_at(found: Any, path: str) -> list[Any]:
    for key in filter(None, path.split(".")):
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, list):
        raise FeedRefused(_("There is no list of rows where the feed should have one."))
    return found


def _check_columns(columns: Iterable[str], feed: SupplierFeed) -> None:
    wanted = [name for name in (feed.sku_field, feed.stock_field, feed.cost_field) if name]
    if missing := [name for name in wanted if fold(name) not in columns]:
        told = {"names": ", ".join(missing)}
        raise FeedRefused(_("The file has no such columns: %(names)s.") % told)
