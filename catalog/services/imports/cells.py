"""One cell into one value. What can't be read raises BadCell with a sentence."""

import html
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from catalog.services.imports.rows import Choice, Notes
from shop.lib.csvfiles import Row
from shop.lib.errors import Refused
from shop.lib.text import clean, slugify

MAX_AMOUNT = Decimal(10) ** 11
MAX_COUNT = 2_000_000_000
MAX_BARCODE = 14
MAX_SKU = 64
MAX_URL = 1000
MAX_TAG = 60
GRAMS = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "oz": Decimal("28.349523125"),
    "lb": Decimal("453.59237"),
}
GRAMS["lbs"] = GRAMS["lb"]
YES = {"true", "1", "yes", "y", "active", "published"}
NO = {"false", "0", "-1", "no", "n", "draft", "archived"}
# Currency signs and codes, and the spaces between thousands.
AROUND_NUMBER = re.compile(r"^(?:[A-Z]{3}|[^\w\s.,+-])?\s*|\s*(?:[A-Z]{3}|[^\w\s.,+-])?$")
NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?|[+-]?\.\d+")
DEFAULT_TITLE = ("title", "default title")


class BadCell(Refused):
    """Raised when a cell can't be read; its line is left out."""


def text(row: Row, *names: str) -> str:
    """The first of these columns that says something, cleaned."""
    for name in names:
        if value := clean(row.cells.get(name, "")):
            return value
    return ""


def says(row: Row, *names: str) -> bool:
    """Whether the file has one of these columns."""
    return any(name in row.cells for name in names)


def short(value: str, limit: int, *, what: str, line: int, notes: Notes) -> str:
    """Cut a text that is longer than we keep, and say so."""
    if len(value) <= limit:
        return value
    notes.tally(line, _("%(what)s: cut to %(limit)s letters.") % {"what": what, "limit": limit})
    return value[:limit].rstrip()


def amount(row: Row, *names: str) -> Decimal | None:
    """A price or cost: "12.50", "1,299.00", "£12", "12,50". Never negative."""
    written = text(row, *names)
    if not written:
        return None
    number = decimal(written)
    if number is None or number >= MAX_AMOUNT:
        raise BadCell(_("“%(cell)s” is not a price; write it as 12.50.") % {"cell": written[:40]})
    if number < 0:
        raise BadCell(_("The price %(cell)s is below zero.") % {"cell": written[:40]})
    return number


def whole(row: Row, *names: str) -> int | None:
    """A count: "3", "3.0", "-2"."""
    written = text(row, *names)
    if not written:
        return None
    number = decimal(written)
    if number is None or number != number.to_integral_value() or abs(number) > MAX_COUNT:
        raise BadCell(_("“%(cell)s” is not a whole number.") % {"cell": written[:40]})
    return int(number)


def decimal(written: str) -> Decimal | None:
    """A number in English or continental writing; None when it is none, or could be two."""
    bare = AROUND_NUMBER.sub("", written).replace(" ", "").replace("\xa0", "").replace("'", "")
    if "," in bare:
        if "." in bare:
            thousands = "," if bare.rindex(".") > bare.rindex(",") else "."
            bare = bare.replace(thousands, "").replace(",", ".")
        elif re.fullmatch(r"[+-]?\d+,\d{1,2}", bare):
            bare = bare.replace(",", ".")
    if not NUMBER.fullmatch(bare):
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def yes(row: Row, *names: str) -> bool | None:
    """True, false, or None when the cell is blank or says something else."""
    written = text(row, *names).lower()
    if written in YES:
        return True
    return False if written in NO else None


def grams(row: Row, *, column: str, unit: str) -> int | None:
    """A weight in this unit ("g", "kg", "oz", "lb") as whole grams."""
    written = text(row, column)
    if not written:
        return None
    number = decimal(written)
    if number is None or not 0 <= number <= MAX_COUNT / 1000:
        raise BadCell(_("“%(cell)s” is not a weight.") % {"cell": written[:40]})
    return round(number * GRAMS.get(unit.lower(), Decimal(1)))


def sku(row: Row, *names: str) -> str:
    found = text(row, *names)
    if len(found) > MAX_SKU:
        raise BadCell(_("The SKU is longer than %(limit)s letters.") % {"limit": MAX_SKU})
    return found


def barcode(row: Row, notes: Notes, *names: str) -> str:
    # Spreadsheets make a number of it, with an apostrophe or without.
    found = text(row, *names).lstrip("'").replace(" ", "")
    if len(found) > MAX_BARCODE:
        notes.tally(row.line, _("The barcode is longer than 14 digits and was left out."))
        return ""
    return found


def tags(written: str, *, line: int, notes: Notes) -> list[str]:
    """Words between commas; said twice, kept once."""
    kept: dict[str, str] = {}
    for tag in split(written):
        name = short(tag, MAX_TAG, what=_("Tag"), line=line, notes=notes)
        kept.setdefault(name.casefold(), name)
    return list(kept.values())


def split(written: str) -> Iterator[str]:
    """The parts between commas; "\\," is a comma within one."""
    for part in re.split(r"(?<!\\),", written):
        if word := clean(html.unescape(part.replace("\\,", ","))):
            yield word


def web_address(written: str) -> str:
    """A picture's address, made whole. Raises BadCell for anything a worker could not fetch."""
    url = (f"https:{written}" if written.startswith("//") else written).replace(" ", "%20")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or len(url) > MAX_URL or re.search(r"\s", url):
        raise BadCell(_("“%(cell)s” is not the web address of a picture.") % {"cell": written[:80]})
    return url


def choice(option: str, value: str) -> Choice:
    """An option and its value, within the lengths we keep. Raises BadCell."""
    if len(option) > 60 or len(value) > 80:
        raise BadCell(_("The option “%(cell)s” is too long.") % {"cell": f"{option}: {value}"[:80]})
    # COLOR is how some programs write Color; short names may be initials, such as RAM.
    name = option.capitalize() if option.isupper() and len(option) > 3 else option
    return Choice(name, value)


def is_default_title(option: str, value: str) -> bool:
    """What Shopify writes for a product that comes in one version only."""
    return (option.casefold() or "title", value.casefold()) == DEFAULT_TITLE


def slug(written: str) -> str:
    """An address for anything that has a name, the same each time."""
    found = slugify(written, limit=110)
    return found or f"product-{sha256(written.encode()).hexdigest()[:10]}"


def position(row: Row, *names: str) -> int | None:
    """Where a picture stands; whatever is no small number is no position."""
    written = text(row, *names)
    return min(int(written), 32_000) if written.isdecimal() and len(written) < 10 else None
