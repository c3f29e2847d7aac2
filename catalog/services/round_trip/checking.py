"""Lines of a file into what each would change.

A dry run does everything and takes it back: what it promises has happened once already.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from catalog.models import ImportRow, ImportRun, Product, Variant
from catalog.services.imports.cells import BadCell
from catalog.services.round_trip import changing, files
from catalog.services.round_trip.changing import PRODUCT, VARIANT
from catalog.services.round_trip.columns import KEY, OPTIONS, SLUG, Column, Sheet
from catalog.services.round_trip.desk import Desk
from catalog.services.round_trip.pieces import Part, Piece, Why
from shop.lib.csvfiles import BadRow, FileRefused, Row, fold
from shop.lib.errors import Refused
from shop.lib.text import clean, slugify

BATCH = 200
LONGEST_PROBLEM = 500
Outcome = ImportRow.Outcome
Line = Row | BadRow
# Said once for all variants of a product, though every line repeats it.
SHARED = (Part.PRODUCT, Part.ANSWER)


@dataclass
class Draft:
    """A file as read: its lines, the columns it has, and those nobody knows."""

    lines: list[Line]
    columns: list[Column]
    unknown: list[str]
    notes: list[str]
    first: dict[str, int] = field(default_factory=dict)
    known: dict[str, tuple[int, int]] = field(default_factory=dict)

    def sku(self, line: Line) -> str:
        return clean(line.cells.get(KEY, "")) if isinstance(line, Row) else ""

    def batches(self) -> Iterator[list[Line]]:
        """A few hundred lines at a time, all lines of a product in one."""
        batch: list[Line] = []
        for group in self._groups():
            if batch and len(batch) + len(group) > BATCH:
                yield batch
                batch = []
            batch += group
        if batch:
            yield batch

    def _groups(self) -> Sequence[list[Line]]:
        groups: dict[object, list[Line]] = defaultdict(list)
        slugs = {self._slug(line) for line in self.lines}
        there = dict(Product.objects.filter(slug__in=slugs - {""}).values_list("slug", "pk"))
        for line in self.lines:
            slug = self._slug(line)
            found = self.known.get(self.sku(line).upper())
            groups[found[1] if found else there.get(slug, slug or line.line)].append(line)
        return list(groups.values())

    def _slug(self, line: Line) -> str:
        if isinstance(line, BadRow):
            return ""
        return clean(line.cells.get(SLUG, "")) or slugify(line.cells.get("title", ""))


def read(path: Path, sheet: Sheet) -> Draft:
    """Read a whole file. Raises FileRefused."""
    with files.table(path) as table:
        folded = {fold(name): name for name in table.columns if name}
        if KEY not in folded:
            raise FileRefused(
                _("The file has no column “sku”: it says which variant a row is about.")
            )
        columns = [column for name, column in sheet.columns.items() if fold(name) in folded]
        ours = {KEY, *(fold(column.name) for column in columns)}
        unknown = [name for key, name in folded.items() if key not in ours]
        draft = Draft(list(table.rows), columns, unknown, list(table.notes))
    _look_up(draft)
    return draft


def _look_up(draft: Draft) -> None:
    for line in draft.lines:
        if sku := draft.sku(line).upper():
            draft.first.setdefault(sku, line.line)
    rows = Variant.objects.annotate(key=Upper("sku")).filter(key__in=list(draft.first))
    draft.known = {
        key: (pk, product) for key, pk, product in rows.values_list("key", "pk", "product")
    }


@dataclass
class Check:
    """A batch of lines on its way: what each product said first, and which line changed it."""

    run: ImportRun
    draft: Draft
    sheet: Sheet
    why: Why
    desk: Desk = field(default_factory=Desk)
    original: dict[tuple[int, str], str] = field(default_factory=dict)
    claimed: dict[tuple[int, str], tuple[str, int]] = field(default_factory=dict)

    def rows(self, lines: Sequence[Line]) -> list[ImportRow]:
        """What these lines would do: done, and all of it taken back."""
        known = [self.draft.known.get(self.draft.sku(line).upper()) for line in lines]
        with transaction.atomic():
            self.desk.fetch(variant_ids=[found[0] for found in known if found])
            rows = [self._row(line) for line in lines]
            transaction.set_rollback(True)
        for row in rows:
            row.after = changing.columns_of(row.after)
        return rows

    def _row(self, line: Line) -> ImportRow:
        sku = self.draft.sku(line)
        row = ImportRow(run=self.run, number=line.line, sku=sku[:64], outcome=Outcome.SKIPPED)
        if isinstance(line, BadRow):
            return _refuse(row, line.problem)
        if not sku:
            return _refuse(row, _("The column “sku” is blank."))
        if (first := self.draft.first[sku.upper()]) != line.line:
            return _refuse(row, _("This SKU is already in line %(line)s.") % {"line": first})
        found = self.draft.known.get(sku.upper())
        piece = self.desk.of_variant(found[0]) if found else None
        problems = self._fill(row, line, piece) if piece else self._fill_new(row, line)
        if problems:
            return _refuse(row, " ".join(problems))
        if row.outcome != Outcome.SKIPPED:
            self._try(row)
        return row

    def _try(self, row: ImportRow) -> None:
        try:
            changing.change(row, desk=self.desk, sheet=self.sheet, why=self.why)
        except Refused as refusal:
            _refuse(row, refusal.message)
            return
        if row.outcome == Outcome.UPDATED:
            product_id = int(row.before[PRODUCT])
            for name, text in row.after.items():
                self.claimed.setdefault((product_id, name), (text, row.number))

    def _fill(self, row: ImportRow, line: Row, piece: Piece) -> list[str]:
        """Note what a line changes, before and after; returns what is wrong with it."""
        variant_id = piece.variant.pk if piece.variant else 0
        row.before = {PRODUCT: str(piece.product.pk), VARIANT: str(variant_id)}
        problems = []
        for column in self.draft.columns:
            if column.is_shown_only:
                continue
            try:
                wanted, shown = self._wanted(column, line, piece)
            except Refused as refusal:
                problems.append(f"{column.name}: {refusal.message}.")
                continue
            if wanted is not None:
                row.before[column.name], row.after[column.name] = shown, wanted
        row.outcome = Outcome.UPDATED if row.after else Outcome.SKIPPED
        return problems

    def _wanted(self, column: Column, line: Row, piece: Piece) -> tuple[str | None, str]:
        cell, shown = line.cells.get(fold(column.name), ""), column.shown(piece)
        if column.part not in SHARED:
            return column.wanted(cell, shown), shown
        key = (piece.product.pk, column.name)
        shown = self.original.setdefault(key, shown)
        wanted = column.wanted(cell, shown)
        if wanted is None or key not in self.claimed:
            return wanted, shown
        text, number = self.claimed[key]
        if wanted != text:
            told = {"line": number, "text": text[:60]}
            raise BadCell(_("line %(line)s of the same product says “%(text)s”") % told)
        return None, shown

    def _fill_new(self, row: ImportRow, line: Row) -> list[str]:
        row.outcome = Outcome.CREATED
        problems, there = [], self._product_of(line)
        for column in self.draft.columns:
            try:
                text = _new_text(column, line.cells.get(fold(column.name), ""), there)
            except BadCell as refusal:
                problems.append(f"{column.name}: {refusal.message}.")
                continue
            if text:
                row.after[column.name] = text
        return problems

    def _product_of(self, line: Row) -> Piece | None:
        """The product that a new variant joins: in the shop, or made by an earlier line."""
        slug = clean(line.cells.get(SLUG, "")) or slugify(line.cells.get("title", ""))
        product = Product.objects.filter(slug=slug).first() if slug else None
        return self.desk.of_product(product.pk) if product else None


def _new_text(column: Column, cell: str, product: Piece | None) -> str:
    """What a cell says of a new variant. Raises BadCell where its product says otherwise."""
    if column.is_shown_only:
        return clean(cell) if column.name == OPTIONS else ""
    text = column.wanted(cell, "") or ""
    if text and product and column.part in SHARED and column.wanted(text, column.shown(product)):
        raise BadCell(_("the product says otherwise; change it in a row it has already"))
    return text


def _refuse(row: ImportRow, problem: str) -> ImportRow:
    row.outcome, row.problem = Outcome.REFUSED, problem[:LONGEST_PROBLEM]
    return row
