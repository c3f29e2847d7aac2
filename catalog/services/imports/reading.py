"""What the formats share: rows of one product, its head, its variants, its pictures."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from catalog.services.imports import cells
from catalog.services.imports.cells import BadCell
from catalog.services.imports.rows import MAX_OPTIONS, Choice, Notes, PictureRow, VariantRow
from shop.lib.csvfiles import BadRow, Row
from shop.lib.text import clean_html

OPTION_NAMES = tuple(f"option{number} name" for number in range(1, MAX_OPTIONS + 1))
OPTION_VALUES = tuple(f"option{number} value" for number in range(1, MAX_OPTIONS + 1))
LIMITS = {
    "title": 200, "subtitle": 160, "brand": 100, "care": 200, "meta_title": 120,
    "meta_description": 200,
}  # fmt: skip


@dataclass
class Scan:
    """One pass over a file: what was noted, and where each SKU stood first."""

    notes: Notes = field(default_factory=Notes)
    skus: dict[str, int] = field(default_factory=dict)

    def good(self, rows: Iterable[Row | BadRow]) -> Iterator[Row]:
        """The rows that are rows; the others become errors."""
        for row in rows:
            if isinstance(row, BadRow):
                self.notes.error(row.line, row.problem)
            else:
                yield row

    def groups(self, rows: Iterable[Row | BadRow], *names: str) -> Iterator[tuple[str, list[Row]]]:
        """Rows that stand together and have one key in this column, a product at a time."""
        key, group = "", list[Row]()
        for row in self.good(rows):
            here = cells.text(row, *names)
            if not here:
                self.notes.error(
                    row.line, _("The column “%(name)s” is blank.") % {"name": names[0]}
                )
                continue
            if here != key and group:
                yield key, group
                group = []
            key = here
            group.append(row)
        if group:
            yield key, group

    def each(self, rows: Iterable[Row], read: Callable[[Row], VariantRow]) -> list[VariantRow]:
        """The variants of these rows. A row that can't be read, or repeats a SKU, is an error."""
        variants = []
        for row in rows:
            try:
                variant = read(row)
                self._note_sku(variant)
            except BadCell as refusal:
                self.notes.error(row.line, refusal.message)
            else:
                variants.append(variant)
        return variants

    def _note_sku(self, variant: VariantRow) -> None:
        if not variant.sku:
            return
        first = self.skus.setdefault(variant.sku.upper(), variant.line)
        if first != variant.line:
            raise BadCell(
                _("The SKU %(sku)s is already in line %(line)s.")
                % {"sku": variant.sku, "line": first}
            )

    def picture(self, row: Row, url: str, *, position: int | None, alt: str) -> list[PictureRow]:
        """The picture of a row: one, or none when its address can't be used."""
        if not url:
            return []
        try:
            address = cells.web_address(url)
        except BadCell as refusal:
            self.notes.error(row.line, refusal.message)
            return []
        return [PictureRow(row.line, address, position, alt[:255])]

    def fields(self, row: Row, columns: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Short texts of a product, for the columns the file has; cut where it says too much."""
        return {
            name: cells.short(
                cells.text(row, *found),
                LIMITS[name],
                what=found[0],
                line=row.line,
                notes=self.notes,
            )
            for name, found in columns.items()
            if cells.says(row, *found)
        }


def description(row: Row, *names: str) -> str:
    return clean_html(cells.text(row, *names))


def option_names(rows: Sequence[Row]) -> list[str]:
    """The first name each option has in these rows: later rows leave them out."""
    return [
        next((name for row in rows if (name := cells.text(row, column))), "")
        for column in OPTION_NAMES
    ]


def choices(row: Row, names: Sequence[str]) -> tuple[Choice, ...]:
    """The values a row chooses; none for a product that comes in one version only."""
    chosen = [
        cells.choice(name, value)
        for name, column in zip(names, OPTION_VALUES, strict=True)
        if (value := cells.text(row, column))
    ]
    if len(chosen) == 1 and cells.is_default_title(chosen[0].option, chosen[0].value):
        return ()
    return tuple(chosen)


def shown_values(variants: Sequence[VariantRow]) -> dict[str, str]:
    """Which option value each variant's picture shows: one all its variants have, and no others."""
    showing: dict[str, list[VariantRow]] = {}
    for variant in variants:
        if variant.picture:
            showing.setdefault(variant.picture, []).append(variant)
    shown = {}
    for url, those in showing.items():
        others = [variant for variant in variants if variant.picture != url]
        for index, choice in enumerate(those[0].choices):
            if _have(those, index, choice, all) and not _have(others, index, choice, any):
                shown[url] = choice.value
                break
    return shown


def _have(
    variants: Sequence[VariantRow],
    index: int,
    choice: Choice,
    how_many: Callable[[Iterable[bool]], bool],
) -> bool:
    """Whether all or any of the variants chose this."""
    value = choice.value.casefold()
    return how_many(
        len(variant.choices) > index and variant.choices[index].value.casefold() == value
        for variant in variants
    )


def with_shown_values(
    pictures: Sequence[PictureRow], variants: Sequence[VariantRow]
) -> list[PictureRow]:
    """Pictures told apart by address, each with the value it shows; variants' own come last."""
    shown = shown_values(variants)
    kept: dict[str, PictureRow] = {}
    own = [PictureRow(variant.line, variant.picture) for variant in variants if variant.picture]
    for picture in [*pictures, *own]:
        kept.setdefault(
            picture.url,
            PictureRow(
                picture.line,
                picture.url,
                picture.position,
                picture.alt,
                picture.shows or shown.get(picture.url, ""),
            ),
        )
    return list(kept.values())
