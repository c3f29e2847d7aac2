"""Tables from CSV and XLSX files that people bring. What is hostile or broken is refused in words."""

import datetime as dt
import itertools
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from shop.lib import csvfiles
from shop.lib.csvfiles import BadRow, FileRefused, Row, Table, fold, unguard

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 250
MAX_CELL = 100_000
# A workbook is a zip: what is inside may be so much larger than the file, and no more.
MAX_UNPACKED = 120 * 1024 * 1024
MAX_PARTS = 500
MAX_LINES = 1_048_576
HEAD = 4096
BROKEN = (
    BadZipFile, ParseError, zlib.error,
    AttributeError, EOFError, IndexError, KeyError, NotImplementedError, OSError,
    OverflowError, RuntimeError, TypeError, ValueError,
)  # fmt: skip


@contextmanager
def table(path: Path) -> Iterator[Table]:
    """Open a file of rows under a line of column names. Raises FileRefused, also while reading."""
    if path.stat().st_size > MAX_BYTES:
        raise FileRefused(_("The file is larger than %(size)s MB.") % {"size": MAX_BYTES >> 20})
    opened = _workbook(path) if path.suffix == ".xlsx" else csvfiles.table(path)
    with opened as found:
        if len(found.columns) > MAX_COLUMNS:
            raise FileRefused(
                _("The file has more than %(count)s columns.") % {"count": MAX_COLUMNS}
            )
        yield Table(found.columns, _limited(found.rows), found.notes)


def _limited(rows: Iterator[Row | BadRow]) -> Iterator[Row | BadRow]:
    for count, row in enumerate(rows, 1):
        if count > MAX_ROWS:
            raise FileRefused(
                _("The file has more than %(count)s rows; bring it in parts.") % {"count": MAX_ROWS}
            )
        yield _unguarded(row) if isinstance(row, Row) else row


def _unguarded(row: Row) -> Row | BadRow:
    if any(len(cell) > MAX_CELL for cell in row.cells.values()):
        return BadRow(row.line, _("A cell has more than %(count)s letters.") % {"count": MAX_CELL})
    return Row(row.line, {name: unguard(cell) for name, cell in row.cells.items()})


@contextmanager
def _workbook(path: Path) -> Iterator[Table]:
    # Imported here: 20 MB, with numpy, that only whoever reads a workbook needs.
    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        _look_inside(path)
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
    except BROKEN as error:
        raise _unreadable() from error
    try:
        lines = _lines(sheet)
        columns = _columns(next(lines, (1, ()))[1])
        yield Table(columns, _rows(lines, columns))
    finally:
        book.close()


def _look_inside(path: Path) -> None:
    """Refuse what unpacks without end, carries macros, or makes its parser expand entities."""
    with ZipFile(path) as packed:
        parts = packed.infolist()
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise _unreadable()
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise FileRefused(_("The workbook has macros in it: save it as plain .xlsx."))
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise FileRefused(_("The workbook unpacks to far more than its size: it is not read."))
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _look_at_part(packed.open(part).read(HEAD))


def _look_at_part(head: bytes) -> None:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or head[:2] in csvfiles.UTF16:
        raise FileRefused(
            _("The workbook holds declarations no spreadsheet writes: it is not read.")
        )


def _lines(sheet: Any) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows that say something, each with its line."""
    rows = enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1), 1)
    while True:
        try:
            line, values = next(rows)
        except StopIteration:
            return
        except BROKEN as error:
            raise _unreadable() from error
        if line > MAX_LINES:
            raise FileRefused(_("The workbook has more lines than a spreadsheet can."))
        cells = [_text(value) for value in values]
        if any(cells) and not csvfiles.is_mark(cells):
            yield line, cells


def _columns(cells: Sequence[str]) -> list[str]:
    if not any(cells):
        raise FileRefused(_("The file is empty: it has no line of column names."))
    columns = [" ".join(cell.split()) for cell in cells]
    filled = itertools.dropwhile(lambda column: not column, reversed(columns))
    return list(filled)[::-1]


def _rows(lines: Iterator[tuple[int, Sequence[str]]], columns: Sequence[str]) -> Iterator[Row]:
    keys = [fold(column) for column in columns]
    for line, cells in lines:
        # A row may end before the last column: what is not written is blank.
        padded = [*cells, *[""] * (len(keys) - len(cells))]
        pairs = list(zip(keys, padded, strict=False))
        yield Row(line, {key: cell for key, cell in reversed(pairs) if key})


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            exact = Decimal(repr(value)) if abs(value) < 1e15 else Decimal(value)
            return f"{exact:f}".removesuffix(".0") if exact.is_finite() else str(value)
        case dt.datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S")
        case _:
            return str(value).strip()


def _unreadable() -> FileRefused:
    return FileRefused(_("This is no workbook that can be read: save it again as .xlsx or CSV."))
