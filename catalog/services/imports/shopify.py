"""Shopify's product export, in its old and its new column names.

A product is a run of lines with one handle: the first has the product, each has a variant, a
picture, or both. https://help.shopify.com/en/manual/products/import-export/using-csv
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from catalog.services.imports import cells, reading
from catalog.services.imports.cells import BadCell
from catalog.services.imports.reading import OPTION_NAMES, OPTION_VALUES, Scan
from catalog.services.imports.rows import PictureRow, ProductRow, TypeRow, VariantRow
from shop.lib.csvfiles import BadRow, Row

SOURCE = "shopify"
HANDLE = ("handle", "url handle")
TITLE = ("title",)
BODY = ("body (html)", "description")
TYPE = ("type", "custom product type")
TAGS = ("tags",)
PUBLISHED = ("published", "published on online store")
STATUS = ("status",)
SHORT = {
    "title": TITLE,
    "brand": ("vendor",),
    "meta_title": ("seo title",),
    "meta_description": ("seo description",),
}
SKU = ("variant sku", "sku")
PRICE = ("variant price", "price")
COMPARE_AT = ("variant compare at price", "compare-at price")
COST = ("cost per item",)
GRAMS = ("variant grams", "weight value (grams)")
WEIGHT, WEIGHT_UNIT = ("variant weight",), ("variant weight unit", "weight unit for display")
BARCODE = ("variant barcode", "barcode")
QUANTITY = ("variant inventory qty", "inventory quantity")
POLICY = ("variant inventory policy", "continue selling when out of stock")
SHIPPED = ("variant requires shipping", "requires shipping")
TAXABLE = ("variant taxable", "charge tax")
IMAGE = ("image src", "product image url")
IMAGE_POSITION = ("image position",)
IMAGE_ALT = ("image alt text",)
VARIANT_IMAGE = ("variant image", "variant image url")
KNOWN = {
    name
    for names in (
        *(HANDLE, TITLE, BODY, TYPE, TAGS, PUBLISHED, STATUS, *SHORT.values(), SKU, PRICE),
        *(
            COMPARE_AT,
            COST,
            GRAMS,
            WEIGHT,
            WEIGHT_UNIT,
            BARCODE,
            QUANTITY,
            POLICY,
            SHIPPED,
            TAXABLE,
        ),
        *(IMAGE, IMAGE_POSITION, IMAGE_ALT, VARIANT_IMAGE, OPTION_NAMES, OPTION_VALUES),
    )
    for name in names
}


def read(rows: Iterable[Row | BadRow], scan: Scan) -> Iterator[ProductRow]:
    for handle, group in scan.groups(rows, *HANDLE):
        yield _product(handle, group, scan)


def _product(handle: str, group: Sequence[Row], scan: Scan) -> ProductRow:
    head = next((row for row in group if cells.text(row, *TITLE)), None)
    names = reading.option_names(group)
    sold = [row for row in group if _sells(row)]
    variants = scan.each(sold, partial(_variant, names=names, scan=scan))
    product = ProductRow(
        line=group[0].line,
        ref=handle,
        slug=cells.slug(handle),
        is_addition=head is None,
        variants=variants,
        pictures=reading.with_shown_values(_pictures(group, scan), variants),
    )
    if head is not None:
        product.fields = _fields(head, scan)
        product.type = TypeRow(cells.text(head, *TYPE)[:80], _is_shipped(sold))
        product.is_published = _is_published(head)
    return product


def _sells(row: Row) -> bool:
    """Whether a line is a variant: some lines only add a picture."""
    return bool(cells.text(row, *OPTION_VALUES, *PRICE, *SKU))


def _variant(row: Row, *, names: Sequence[str], scan: Scan) -> VariantRow:
    price = cells.amount(row, *PRICE)
    if price is None:
        raise BadCell(_("There is no price."))
    _note_what_we_do_not_do(row, scan)
    return VariantRow(
        line=row.line,
        sku=cells.sku(row, *SKU),
        choices=reading.choices(row, names),
        price=price,
        compare_at=cells.amount(row, *COMPARE_AT),
        says_compare_at=cells.says(row, *COMPARE_AT),
        quantity=cells.whole(row, *QUANTITY),
        picture=_variant_picture(row),
        fields=_variant_fields(row, scan),
    )


def _variant_fields(row: Row, scan: Scan) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    unit = cells.text(row, *WEIGHT_UNIT) or "kg"
    weights = [*((column, "g") for column in GRAMS), (WEIGHT[0], unit)]
    grams = next(
        (cells.grams(row, column=c, unit=u) for c, u in weights if cells.text(row, c)), None
    )
    if grams is not None:
        fields["grams"] = grams
    if cells.says(row, *BARCODE):
        fields["barcode"] = cells.barcode(row, scan.notes, *BARCODE)
    cost = cells.amount(row, *COST)
    if cost is not None:
        fields["cost"] = cost
    return fields


def _variant_picture(row: Row) -> str:
    url = cells.text(row, *VARIANT_IMAGE)
    return cells.web_address(url) if url else ""


def _pictures(group: Sequence[Row], scan: Scan) -> list[PictureRow]:
    return [
        picture
        for row in group
        for picture in scan.picture(
            row,
            cells.text(row, *IMAGE),
            position=cells.position(row, *IMAGE_POSITION),
            alt=cells.text(row, *IMAGE_ALT),
        )
    ]


def _fields(head: Row, scan: Scan) -> dict[str, Any]:
    fields = scan.fields(head, SHORT)
    if cells.says(head, *BODY):
        fields["description"] = reading.description(head, *BODY)
    if cells.says(head, *TAGS):
        written = cells.text(head, *TAGS)
        fields["tags"] = cells.tags(written, line=head.line, notes=scan.notes)
    return fields


def _is_published(head: Row) -> bool:
    """Blank is published, as Shopify reads it; a draft is not, wherever it is said."""
    return cells.yes(head, *PUBLISHED) is not False and cells.yes(head, *STATUS) is not False


def _is_shipped(sold: Sequence[Row]) -> bool | None:
    said = [cells.yes(row, *SHIPPED) for row in sold]
    return None if not said or None in said else any(said)


def _note_what_we_do_not_do(row: Row, scan: Scan) -> None:
    if cells.yes(row, *TAXABLE) is False:
        scan.notes.tally(
            row.line, _("Marked as not taxable; here the product's type says how it is taxed.")
        )
    if cells.text(row, *POLICY).lower() in ("continue", "true"):
        scan.notes.tally(
            row.line, _("Sold there even without stock; here nothing is sold that isn't on hand.")
        )
