"""Tables that come from other programs: any common encoding, delimiter and line end.

Read as a stream: a row at a time, each with the number of the line it begins on.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TextIO

from django.utils.translation import gettext as _

from shop.lib.errors import Refused

CHUNK = 1 << 16
MAX_CELL = 1_000_000
DELIMITERS = ",;\t|"
# The first words of a line that says who took a file out of the shop; it is no row.
MARK = "# Exported by"
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What spreadsheets take for a formula; apostrophes before it are ones we or others put there.
FORMULA = re.compile(r"^'*[=+\-@\t\r]")
GUARDED = re.compile(r"^'+[=+\-@\t\r]")


class FileRefused(Refused):
    """Raised when a file can't be read as a table at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a line under their folded column names; `line` counts from 1."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that can't be told apart into cells."""

    line: int
    problem: str


@dataclass
class Table:
    """`columns` are as written; `rows` may be read once. `notes` tell what was assumed."""

    columns: Sequence[str]
    rows: Iterator[Row | BadRow]
    notes: list[str] = field(default_factory=list)


def fold(column: str) -> str:
    """The name a column is looked up by: lower case, single spaces."""
    return " ".join(column.split()).lower()


def guard(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Undo `guard`, exactly."""
    return cell[1:] if GUARDED.match(cell) else cell


def is_mark(cells: Sequence[str]) -> bool:
    """Whether this line says who took the file, and nothing else."""
    return cells[0].startswith(MARK) and not any(cells[1:])


@contextmanager
def table(path: Path) -> Iterator[Table]:
    """Open a file of rows under a line of column names. Raises FileRefused."""
    encoding, notes = _encoding_of(path)
    csv.field_size_limit(MAX_CELL)
    # The empty newline leaves line breaks inside quotes as they are.
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=_delimiter(file), strict=True)
        columns = _columns(reader)
        notes += _repeated(columns)
        yield Table(columns, _rows(reader, columns), notes)


def _encoding_of(path: Path) -> tuple[str, list[str]]:
    """Find the encoding from the whole file: a wrong guess would spoil names silently."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise FileRefused(
            _("%(path)s can't be read: %(why)s.") % {"path": path, "why": error.strerror}
        ) from None
    if start.startswith(WORKBOOK):
        raise FileRefused(_("This is an Excel workbook: save it as “CSV UTF-8” first."))
    if start.startswith(UTF16):
        return "utf-16", [_("The file is in UTF-16; it was read as that.")]
    broken_at, seen_utf8 = _utf8_breaks(path)
    if broken_at is None:
        return "utf-8-sig", []
    if seen_utf8:
        raise FileRefused(
            _("Line %(line)s is damaged: the file is UTF-8 up to there and then it isn't.")
            % {"line": broken_at}
        )
    return _windows(path, broken_at)


def _windows(path: Path, line: int) -> tuple[str, list[str]]:
    try:
        with path.open(encoding="cp1252") as file:
            while file.read(CHUNK):
                pass
    except UnicodeDecodeError:
        raise FileRefused(
            _("The encoding of line %(line)s is unknown: save the file as UTF-8.") % {"line": line}
        ) from None
    note = _(
        "The file is not UTF-8 (line %(line)s); it was read as Windows-1252. Check letters with accents."
    )
    return "cp1252", [note % {"line": line}]


def _utf8_breaks(path: Path) -> tuple[int | None, bool]:
    """The first line that is not UTF-8, and whether letters beyond ASCII stood before it."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    line, beyond_ascii = 1, False
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if b"\x00" in chunk:
                raise FileRefused(_("This is not a text file, or not in UTF-8: save it as UTF-8."))
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                before = error.object[: error.start]
                return line + before.count(b"\n"), beyond_ascii or not before.isascii()
            line += text.count("\n")
            beyond_ascii = beyond_ascii or not text.isascii()
    return (line, beyond_ascii) if decoder.getstate()[0] else (None, beyond_ascii)


def _delimiter(file: TextIO) -> str:
    first = file.readline(MAX_CELL)
    file.seek(0)
    return max(DELIMITERS, key=first.count)


def _columns(reader: Iterator[list[str]]) -> list[str]:
    try:
        columns = next(reader, [])
    except csv.Error:
        columns = []
    if not any(column.strip() for column in columns):
        raise FileRefused(_("The file is empty: it has no line of column names."))
    return [" ".join(column.split()) for column in columns]


def _repeated(columns: Sequence[str]) -> list[str]:
    names = [fold(column) for column in columns if column]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not twice:
        return []
    note = _("These columns are there more than once; the first one counts: %(names)s.")
    return [note % {"names": ", ".join(twice)}]


class _Reader(Protocol):
    """What csv.reader gives."""

    line_num: int

    def __next__(self) -> list[str]: ...


def _rows(reader: _Reader, columns: Sequence[str]) -> Iterator[Row | BadRow]:
    keys = [fold(column) for column in columns]
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(line, _csv_problem(error))
            continue
        if any(cell.strip() for cell in cells) and not is_mark(cells):
            yield _row(line, keys, cells)


def _row(line: int, keys: Sequence[str], cells: Sequence[str]) -> Row | BadRow:
    if any(cell.strip() for cell in cells[len(keys) :]):
        problem = _(
            "%(cells)s cells under %(columns)s columns: a comma or a quote is out of place."
        )
        return BadRow(line, problem % {"cells": len(cells), "columns": len(keys)})
    # Backwards, so that the first of two columns with one name counts.
    pairs = list(zip(keys, cells, strict=False))
    return Row(line, {key: cell for key, cell in reversed(pairs) if key})


def _csv_problem(error: csv.Error) -> str:
    if "unexpected end" in str(error) or "field larger" in str(error):
        return _("A quote is opened in this line and never closed.")
    return _("A quote is out of place in this line.")
