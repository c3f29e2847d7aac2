"""Products as the table that `checking` reads back: a line per variant."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from catalog.models import Variant
from catalog.services.round_trip.columns import KEY, Column, Sheet
from catalog.services.round_trip.desk import Desk
from catalog.services.round_trip.widgets import Number
from shop.lib.batches import in_batches
from shop.lib.csvfiles import guard

# Products on the desk at once: 500 of them took 40 MB of a web process.
CHUNK = 200
WIDE, NARROW = 40, 14
# Units on hand by variant: stock is kept further up.
OnHand = Callable[[Sequence[int]], Mapping[int, int]]


def header(sheet: Sheet) -> list[str]:
    return [KEY, *sheet.columns]


def lines(product_ids: Sequence[int], *, sheet: Sheet, on_hand: OnHand) -> Iterator[list[str]]:
    """The cells of every variant of these products, in the order of the products."""
    place = {pk: index for index, pk in enumerate(product_ids)}
    for chunk in in_batches(product_ids, CHUNK):
        rows = Variant.objects.filter(product__in=chunk)
        found = list(rows.values_list("pk", "product_id", "position"))
        found.sort(key=lambda one: (place[one[1]], one[2], one[0]))
        ids = [pk for pk, _product, _position in found]
        desk = Desk()
        desk.fetch(variant_ids=ids, on_hand=on_hand(ids))
        for pk in ids:
            if (piece := desk.of_variant(pk)) and piece.variant:
                shown = [column.shown(piece) for column in sheet.columns.values()]
                yield [piece.variant.sku, *shown]


def as_csv(rows: Iterable[Sequence[str]], *, sheet: Sheet) -> Iterator[str]:
    """The file in pieces as it is made. Opens with a mark by which spreadsheets know UTF-8."""
    yield "\ufeff" + _csv_line(header(sheet))
    for row in rows:
        yield _csv_line([guard(cell) for cell in row])


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def as_workbook(rows: Iterable[Sequence[str]], *, sheet: Sheet, path: Path, mark: str = "") -> None:
    """Write a workbook row by row; numbers are numbers there, and no text is a formula."""
    # Imported here: 20 MB, with numpy, that only whoever makes a workbook needs.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    page = book.create_sheet("Catalogue")
    page.freeze_panes = "B2"
    columns = [None, *sheet.columns.values()]
    for index, column in enumerate(columns, 1):
        is_narrow = column is not None and isinstance(column.widget, Number)
        page.column_dimensions[get_column_letter(index)].width = NARROW if is_narrow else WIDE
    page.append(_heading(page, header(sheet)))
    for row in rows:
        page.append([_value(column, cell) for column, cell in zip(columns, row, strict=True)])
    if mark:
        page.append([mark])
    book.save(path)


def _heading(page: object, names: Sequence[str]) -> list[object]:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    cells = []
    for name in names:
        cell = WriteOnlyCell(page, value=name)
        cell.font = Font(bold=True)
        cells.append(cell)
    return cells


def _value(column: Column | None, cell: str) -> object:
    if column is not None and cell and isinstance(column.widget, Number):
        return Decimal(cell)
    return guard(cell) or None
