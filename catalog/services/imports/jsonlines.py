"""A catalogue as JSON lines, a product on each, as data suppliers give it out; may be gzipped.

Keys, with what else they are called: id or sku · title · mpn (part_number; `name` beside a title) ·
brand (supplier, manufacturer) · ean (gtin, barcode), one or a list · price, in the smallest coin
when it is a whole number · short_description · description · category, parts between ">" ·
quantity · image, an address or a list · attr_*, with _t_, _n_ or _b_ after it or not: the
specification.
"""

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, cast

from django.utils.html import escape
from django.utils.translation import gettext as _

from catalog.services.imports import cells, reading
from catalog.services.imports.cells import BadCell
from catalog.services.imports.reading import Scan
from catalog.services.imports.rows import PictureRow, ProductRow, TypeRow, VariantRow
from shop.lib.csvfiles import MAX_CELL, BadRow, FileRefused, Row, Table
from shop.lib.text import clean_html

SOURCE = "jsonl"
ENDINGS = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
BETWEEN = "\n"
REF = ("id", "sku")
BRAND = ("brand", "supplier", "manufacturer")
BARCODES = ("ean", "gtin", "barcode")
PART = ("mpn", "part_number")
SHORT, WHOLE = ("short_description", "subtitle"), ("description", "long_description")
PICTURES, STOCK = ("image", "images"), ("quantity", "stock")
ATTRIBUTE = re.compile(r"attr_(?:[tnb]_)?(.+)")
MAX_SPECS, MAX_SPEC = 200, 300
COINS = Decimal(100)


def is_one(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS)


@contextmanager
def table(path: Path) -> Iterator[Table]:
    """Open a file of JSON lines as rows; keys are the columns. Raises FileRefused."""
    try:
        opener = gzip.open if _is_packed(path) else open
    except OSError as error:
        raise FileRefused(
            _("%(path)s can't be read: %(why)s.") % {"path": path, "why": error.strerror}
        ) from None
    with opener(path, "rb") as file:
        yield Table([], _rows(cast("IO[bytes]", file)))


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _rows(lines: IO[bytes]) -> Iterator[Row | BadRow]:
    """A row for each line; a file that breaks off ends with an error."""
    number = 0
    try:
        while line := lines.readline(MAX_CELL):
            number += 1
            if line.strip():
                yield _row(number, line)
    except (OSError, EOFError):
        yield BadRow(number + 1, _("The file is damaged from here on."))


def _row(number: int, line: bytes) -> Row | BadRow:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return BadRow(number, _("This line is no JSON, or not in UTF-8."))
    if not isinstance(said, dict):
        return BadRow(number, _("This line is no product: it should be an object."))
    return Row(number, {key: _cell(value) for key, value in said.items()} | _amount(said))


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return BETWEEN.join(map(_cell, value))
    return "" if value is None else str(value)


def _amount(said: Mapping[str, Any]) -> dict[str, str]:
    """A whole number is in the smallest coin; "12.50" and 12.5 are not."""
    price = said.get("price")
    is_coins = isinstance(price, int) and not isinstance(price, bool)
    return {"price": str(Decimal(price) / COINS)} if is_coins and price is not None else {}


def read(rows: Iterable[Row | BadRow], scan: Scan) -> Iterator[ProductRow]:
    for row in scan.good(rows):
        try:
            yield _product(row, scan)
        except BadCell as refusal:
            scan.notes.error(row.line, refusal.message)


def _product(row: Row, scan: Scan) -> ProductRow:
    ref, title = cells.text(row, *REF)[:255], cells.text(row, "title", "name")
    if not ref or not title:
        raise BadCell(_("A product needs an id and a title."))
    category = cells.text(row, "category", "category_path").split(">")
    return ProductRow(
        line=row.line,
        ref=ref,
        slug=cells.slug(title),
        fields=_fields(row, title, scan),
        type=TypeRow(cells.text(row, "type")[:80]),
        category=tuple(name.strip()[:80] for name in category if name.strip()),
        is_published=True,
        variants=scan.each([row], lambda one: _variant(one, scan)),
        pictures=_pictures(row, scan),
    )


def _fields(row: Row, title: str, scan: Scan) -> dict[str, Any]:
    short, whole = cells.text(row, *SHORT), cells.text(row, *WHOLE)
    told = {"title": title, "subtitle": short, "brand": cells.text(row, *BRAND)}
    fields: dict[str, Any] = {
        name: cells.short(
            " ".join(text.split()), reading.LIMITS[name], what=name, line=row.line, notes=scan.notes
        )
        for name, text in told.items()
    }
    # What is too long for a subtitle is told in full below it.
    if not whole and len(short) > len(fields["subtitle"]):
        whole = f"<p>{escape(short)}</p>"
    return fields | {"description": clean_html(whole), "specs": _specs(row)}


def _specs(row: Row) -> list[list[str]]:
    rows = [
        [_spoken(match[1]), " ".join(value.split())[:MAX_SPEC]]
        for key, value in row.cells.items()
        if value.strip() and (match := ATTRIBUTE.fullmatch(key))
    ]
    others = _barcodes(row)[1:]
    more = [[_("Other barcodes"), ", ".join(others)[:MAX_SPEC]]] if others else []
    return rows[:MAX_SPECS] + more


def _spoken(key: str) -> str:
    """An attribute's name as people read it: "hdmi_ports" is "Hdmi ports"."""
    return " ".join(key.replace("_", " ").split()).capitalize()[:80]


def _barcodes(row: Row) -> list[str]:
    return cells.text(row, *BARCODES).replace(",", BETWEEN).split()


def _variant(row: Row, scan: Scan) -> VariantRow:
    part = cells.text(row, *PART)
    if not part and cells.text(row, "title"):
        part = cells.text(row, "name")
    codes = [code for code in _barcodes(row) if len(code) <= cells.MAX_BARCODE]
    quantity = cells.whole(row, *STOCK)
    grams = cells.grams(row, column="grams", unit="g")
    return VariantRow(
        line=row.line,
        sku=cells.sku(row, "sku"),
        price=cells.amount(row, "price"),
        quantity=quantity,
        fields={
            "barcode": next(iter(codes), ""),
            "mpn": cells.short(part, 64, what="mpn", line=row.line, notes=scan.notes),
            **({} if grams is None else {"grams": grams}),
        },
    )


def _pictures(row: Row, scan: Scan) -> list[PictureRow]:
    urls = cells.text(row, *PICTURES).split(BETWEEN)
    return [
        picture
        for position, url in enumerate(filter(None, map(str.strip, urls)), start=1)
        for picture in scan.picture(row, url, position=position, alt="")
    ]
