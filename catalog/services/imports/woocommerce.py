"""WooCommerce's product export: a line per product and per variation, in any order.

A variation names its parent by id or SKU. One that stands before its parent waits for it.
"""

import datetime as dt
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalog.services.imports import cells, reading
from catalog.services.imports.cells import BadCell
from catalog.services.imports.reading import Scan
from catalog.services.imports.rows import (
    MAX_OPTIONS,
    Choice,
    PictureRow,
    ProductRow,
    TypeRow,
    VariantRow,
)
from shop.lib.csvfiles import BadRow, Row
from shop.lib.text import clean_html

SOURCE = "woocommerce"
BARCODE = ("gtin, upc, ean, or isbn",)
WEIGHTS = {f"weight ({unit})": unit for unit in ("kg", "g", "lbs", "oz")}
ATTRIBUTE = re.compile(r"attribute (\d+) name")
TAX_CLASSES = {"": "", "standard": "", "parent": "", "reduced-rate": "reduced", "zero-rate": "zero"}
KNOWN = {
    *(
        "id",
        "type",
        "sku",
        "name",
        "published",
        "visibility in catalog",
        "short description",
        "description",
        "sale price",
    ),
    *("regular price", "categories", "tags", "images", "parent", "stock", "in stock?", "position"),
    *("date sale price starts", "date sale price ends", "tax status", "tax class", "brands"),
    *(*BARCODE, *WEIGHTS),
}
KNOWN_PATTERN = re.compile(r"attribute \d+ (name|value\(s\)|visible|global|default)")
IMAGES = re.compile(r",\s*(?=https?://)")


@dataclass
class _Families:
    """Who a variation's parent is, and which variations still wait for theirs."""

    parents: dict[str, ProductRow] = field(default_factory=dict)
    waiting: dict[str, list[Row]] = field(default_factory=dict)


def read(rows: Iterable[Row | BadRow], scan: Scan, *, now: dt.datetime) -> Iterator[ProductRow]:
    families = _Families()
    for row in scan.good(rows):
        kinds = {kind.strip() for kind in cells.text(row, "type").lower().split(",")}
        if "variation" in kinds:
            yield from _variation(row, families, scan, now)
        elif kinds & {"grouped", "external"}:
            scan.notes.leave_out(row.line, _reason(kinds))
        else:
            yield from _product(row, kinds, families, scan, now)
    for parent, orphans in families.waiting.items():
        for row in orphans:
            scan.notes.error(
                row.line,
                _("The product %(ref)s it belongs to is not in the file.") % {"ref": parent},
            )


def _reason(kinds: set[str]) -> str:
    if "grouped" in kinds:
        return _("Grouped products are left out: their parts are sold one by one.")
    return _("Products of another shop (external) are left out.")


def _product(
    row: Row, kinds: set[str], families: _Families, scan: Scan, now: dt.datetime
) -> Iterator[ProductRow]:
    name = cells.text(row, "name")
    sku = cells.text(row, "sku")
    ref = cells.text(row, "id") or (f"sku:{sku}" if sku else "")
    if not name or not ref:
        scan.notes.error(row.line, _("A product needs a name, and an ID or a SKU."))
        return
    product = ProductRow(
        line=row.line,
        ref=ref,
        slug=cells.slug(html.unescape(name)),
        fields=_fields(row, scan),
        type=_type(row, kinds),
        category=_category(row),
        is_published=cells.text(row, "published") == "1",
        pictures=_pictures(row, scan),
    )
    if cells.text(row, "visibility in catalog") == "hidden":
        scan.notes.tally(
            row.line, _("Hidden from lists there; here it is in lists once published.")
        )
    if "variable" in kinds:
        product.waits_for_variants = True
        keys = [key for key in (f"id:{ref}", sku.upper()) if key]
        families.parents |= dict.fromkeys(keys, product)
        waiting = [child for key in keys for child in families.waiting.pop(key, [])]
    else:
        product.variants = scan.each([row], lambda row: _variant(row, (), now, scan))
        product.fields["specs"] = [[choice.option, choice.value] for choice in _attributes(row)]
        waiting = []
    yield product
    for child in waiting:
        yield from _variation(child, families, scan, now)


def _variation(row: Row, families: _Families, scan: Scan, now: dt.datetime) -> Iterator[ProductRow]:
    written = cells.text(row, "parent")
    key = written if written.startswith("id:") else written.upper()
    parent = families.parents.get(key)
    if parent is None:
        families.waiting.setdefault(key, []).append(row)
        return
    chosen = [choice for choice in _attributes(row) if choice.value][:MAX_OPTIONS]
    variants = scan.each([row], lambda row: _variant(row, tuple(chosen), now, scan))
    pictures = _pictures(row, scan) if variants else []
    yield ProductRow(
        line=row.line,
        ref=parent.ref,
        slug=parent.slug,
        is_addition=True,
        variants=variants,
        pictures=[_showing(picture, chosen) for picture in pictures],
    )


def _showing(picture: PictureRow, chosen: list[Choice]) -> PictureRow:
    shows = chosen[0].value if chosen else ""
    return PictureRow(picture.line, picture.url, None, picture.alt, shows)


def _variant(row: Row, chosen: tuple[Choice, ...], now: dt.datetime, scan: Scan) -> VariantRow:
    price, compare_at = _prices(row, now)
    fields: dict[str, Any] = {"is_active": cells.text(row, "published") in ("1", "")}
    for column, unit in WEIGHTS.items():
        if (grams := cells.grams(row, column=column, unit=unit)) is not None:
            fields["grams"] = grams
    if cells.says(row, *BARCODE):
        fields["barcode"] = cells.barcode(row, scan.notes, *BARCODE)
    quantity = cells.whole(row, "stock")
    if quantity is None:
        scan.notes.tally(row.line, _("No stock figure: count it before it can be sold."))
    return VariantRow(
        line=row.line,
        sku=cells.sku(row, "sku"),
        choices=chosen,
        price=price,
        compare_at=compare_at,
        says_compare_at=True,
        quantity=quantity,
        fields=fields,
    )


def _prices(row: Row, now: dt.datetime) -> tuple[Decimal, Decimal | None]:
    """What it costs now, and what it cost before the sale. Raises BadCell without any price."""
    regular, sale = cells.amount(row, "regular price"), cells.amount(row, "sale price")
    if sale is not None and not _is_on(row, now):
        sale = None
    if sale is None:
        if regular is None:
            raise BadCell(_("There is no price."))
        return regular, None
    return sale, regular


def _is_on(row: Row, now: dt.datetime) -> bool:
    today = now.date().isoformat()
    starts = cells.text(row, "date sale price starts")[:10]
    ends = cells.text(row, "date sale price ends")[:10]
    return (not starts or starts <= today) and (not ends or today <= ends)


def _fields(row: Row, scan: Scan) -> dict[str, Any]:
    fields = scan.fields(row, {"title": ("name",), "subtitle": ("short description",)})
    fields["title"] = html.unescape(fields["title"])
    if "subtitle" in fields:
        fields["subtitle"] = _bare(fields["subtitle"])
    if cells.says(row, "brands"):
        fields["brand"] = next(cells.split(cells.text(row, "brands")), "")[:100]
    # A line break is written as the two characters \n there.
    written = cells.text(row, "description").replace("\\n", "\n")
    fields["description"] = clean_html(written)
    if cells.says(row, "tags"):
        fields["tags"] = cells.tags(cells.text(row, "tags"), line=row.line, notes=scan.notes)
    return fields


def _bare(markup: str) -> str:
    text = re.sub(r"<[^>]*>", " ", markup.replace("\\n", " "))
    return " ".join(html.unescape(text).split())


def _type(row: Row, kinds: set[str]) -> TypeRow:
    is_shipped = not kinds & {"virtual", "downloadable"}
    untaxed = cells.text(row, "tax status").lower() == "none"
    written = cells.text(row, "tax class").lower()
    return TypeRow("", is_shipped, "zero" if untaxed else TAX_CLASSES.get(written, written))


def _category(row: Row) -> tuple[str, ...]:
    """The first shelf; a product stands on one here."""
    first = next(cells.split(cells.text(row, "categories")), "")
    return tuple(name.strip()[:80] for name in first.split(">") if name.strip())


def _pictures(row: Row, scan: Scan) -> list[PictureRow]:
    urls = [url.strip() for url in IMAGES.split(cells.text(row, "images")) if url.strip()]
    found = [
        picture
        for position, url in enumerate(urls, start=1)
        for picture in scan.picture(row, url, position=position, alt="")
    ]
    return reading.with_shown_values(found, ())


def _attributes(row: Row) -> list[Choice]:
    """Names and values of a line's attributes, in their order."""
    numbers = sorted(int(m[1]) for name in row.cells if (m := ATTRIBUTE.fullmatch(name)))
    found = []
    for number in numbers:
        name = html.unescape(cells.text(row, f"attribute {number} name"))
        value = html.unescape(cells.text(row, f"attribute {number} value(s)"))
        if name and value:
            found.append(Choice(name[:60], value[:80]))
    return found
