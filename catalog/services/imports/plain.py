"""The shop's own format: what export_products writes, so that a file goes out and comes back.

A line per variant, then a line per further picture; a product's lines stand together.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.services.imports import cells, reading
from catalog.services.imports.cells import BadCell
from catalog.services.imports.reading import OPTION_NAMES, OPTION_VALUES, Scan
from catalog.services.imports.rows import PictureRow, ProductRow, TypeRow, VariantRow
from shop.lib.csvfiles import BadRow, Row, unguard

SOURCE = ""
MAX_SLUG = 120
TEXTS = {
    "title": ("title",),
    "subtitle": ("subtitle",),
    "brand": ("brand",),
    "care": ("care",),
    "meta_title": ("seo title",),
    "meta_description": ("seo description",),
}
HEAD = (
    *("title", "subtitle", "type", "shipped", "tax", "category", "brand", "description"),
    *("specification", "care", "tags", "status", "on sale from", "seo title", "seo description"),
)
OPTIONS = tuple(name for pair in zip(OPTION_NAMES, OPTION_VALUES, strict=True) for name in pair)
BODY = (
    *("sku", "barcode", "price", "was", "cost", "quantity", "grams", "origin", "customs code"),
    *("most per order", "for sale"),
)
PICTURE = ("picture", "picture text", "picture position", "picture shows")
COLUMNS = ("slug", *HEAD, *OPTIONS, *BODY, *PICTURE)
KNOWN = set(COLUMNS)


def read(rows: Iterable[Row | BadRow], scan: Scan) -> Iterator[ProductRow]:
    unguarded = (_unguarded(row) for row in rows)
    for slug, group in scan.groups(unguarded, "slug"):
        head = next((row for row in group if cells.text(row, "title")), None)
        try:
            yield _product(slug, group, head, scan)
        except BadCell as refusal:
            scan.notes.error((head or group[0]).line, refusal.message)


def _unguarded(row: Row | BadRow) -> Row | BadRow:
    if isinstance(row, BadRow):
        return row
    return Row(row.line, {name: unguard(cell) for name, cell in row.cells.items()})


def _product(slug: str, group: Sequence[Row], head: Row | None, scan: Scan) -> ProductRow:
    names = reading.option_names(group)
    sold = [row for row in group if cells.text(row, "sku", "price", *OPTION_VALUES)]
    product = ProductRow(line=group[0].line, ref=slug, slug=slug, is_addition=head is None)
    _check_slug(slug)
    if head is not None:
        product.fields = _fields(head, scan)
        product.type = TypeRow(
            cells.text(head, "type")[:80],
            cells.yes(head, "shipped"),
            cells.text(head, "tax")[:20],
        )
        product.category = tuple(
            filter(None, map(str.strip, cells.text(head, "category").split(">")))
        )
        product.waits_for_variants = not sold
    product.variants = scan.each(sold, partial(_variant, names=names, scan=scan))
    product.pictures = [picture for row in group for picture in _pictures(row, scan)]
    return product


def _check_slug(slug: str) -> None:
    try:
        validate_slug(slug)
    except ValidationError:
        raise BadCell(_("“%(slug)s” can't be part of an address.") % {"slug": slug[:60]}) from None
    if len(slug) > MAX_SLUG:
        raise BadCell(_("The slug is longer than %(limit)s letters.") % {"limit": MAX_SLUG})


def _fields(head: Row, scan: Scan) -> dict[str, Any]:
    fields = scan.fields(head, TEXTS)
    if cells.says(head, "description"):
        fields["description"] = reading.description(head, "description")
    if cells.says(head, "tags"):
        fields["tags"] = cells.tags(cells.text(head, "tags"), line=head.line, notes=scan.notes)
    if cells.says(head, "specification"):
        fields["specs"] = _specs(cells.text(head, "specification"))
    if status := cells.text(head, "status"):
        if status not in Product.Status.values:
            raise BadCell(_("There is no status “%(status)s”.") % {"status": status[:20]})
        fields["status"] = status
    if written := cells.text(head, "on sale from"):
        fields["published_at"] = _moment(written)
    return fields


def _specs(written: str) -> list[list[str]]:
    try:
        rows = json.loads(written or "[]")
        return [[str(name), str(value)] for name, value in rows]
    except (ValueError, TypeError):
        raise BadCell(_('The specification is not written as [["Height", "9.8 cm"]].')) from None


def _moment(written: str) -> dt.datetime:
    try:
        moment = parse_datetime(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadCell(
            _("“%(cell)s” is not a moment such as 2026-03-01T09:00:00+00:00.")
            % {"cell": written[:40]}
        )
    return moment


def _variant(row: Row, *, names: Sequence[str], scan: Scan) -> VariantRow:
    return VariantRow(
        line=row.line,
        sku=cells.sku(row, "sku"),
        choices=reading.choices(row, names),
        price=cells.amount(row, "price"),
        compare_at=cells.amount(row, "was"),
        says_compare_at=cells.says(row, "was"),
        quantity=cells.whole(row, "quantity"),
        fields=_variant_fields(row, scan),
    )


def _variant_fields(row: Row, scan: Scan) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if cells.says(row, "barcode"):
        fields["barcode"] = cells.barcode(row, scan.notes, "barcode")
    if cells.says(row, "cost"):
        fields["cost"] = cells.amount(row, "cost")
    if cells.says(row, "origin"):
        fields["origin"] = cells.text(row, "origin").upper()[:2]
    if cells.says(row, "customs code"):
        fields["hs_code"] = cells.text(row, "customs code")[:12]
    said = {
        "grams": cells.grams(row, column="grams", unit="g"),
        "max_quantity": cells.whole(row, "most per order"),
        "is_active": cells.yes(row, "for sale"),
    }
    if (most := said["max_quantity"]) is not None and not 1 <= most <= 32_000:
        raise BadCell(_("“Most per order” must be 1 or more."))
    return fields | {name: value for name, value in said.items() if value is not None}


def _pictures(row: Row, scan: Scan) -> list[PictureRow]:
    found = scan.picture(
        row,
        cells.text(row, "picture"),
        position=cells.position(row, "picture position"),
        alt=cells.text(row, "picture text"),
    )
    shows = cells.text(row, "picture shows")
    return [PictureRow(one.line, one.url, one.position, one.alt, shows) for one in found]
