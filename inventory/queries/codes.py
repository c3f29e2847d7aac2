"""What a scanner reads: a SKU, a barcode, a supplier's SKU, with "12*" before it for twelve."""

import re
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.models import Variant
from inventory.models import Bin, Location
from shop.lib.errors import Refused

MOST = 99_999
LONGEST = 80
COUNTED = re.compile(r"([0-9]{1,6})\s*[*×]\s*(.+)", re.DOTALL)


class CodeRefused(Refused):
    """Raised for a code that is nothing here, or more than one thing."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Scan:
    """A code, and how many units it was said for."""

    code: str
    units: int = 1


def read(text: str) -> Scan:
    """Take "12*EAN" apart. Raises CodeRefused without a code, and for no or far too many units."""
    text = text.strip()
    match = COUNTED.fullmatch(text)
    units, code = (int(match[1]), match[2].strip()) if match else (1, text)
    if not code:
        raise CodeRefused(_("Scan or type a code."))
    if len(code) > LONGEST:
        raise CodeRefused(_("This is too long to be a code."), code[:LONGEST])
    if not 1 <= units <= MOST:
        words = _("Between 1 and %(most)s units at a time, please.") % {"most": MOST}
        raise CodeRefused(words, code)
    return Scan(code, units)


def variants_of(code: str) -> list[Variant]:
    """Those that carry this code: by SKU; if none, by barcode; if none, by a supplier's SKU."""
    ways = (
        Q(sku__iexact=code),
        Q(barcode__in=_barcodes(code)),
        Q(supplier_offers__supplier_sku__iexact=code),
    )
    for way in ways:
        found = Variant.objects.filter(way).select_related("product").order_by("pk").distinct()
        if rows := list(found[:20]):
            return rows
    return []


def variant_of(code: str) -> Variant:
    """The one variant that carries this code. Raises CodeRefused for none and for several."""
    found = variants_of(code)
    if not found:
        raise CodeRefused(_("Nothing here has the code %(code)s.") % {"code": code}, code)
    if len(found) > 1:
        skus = ", ".join(one.sku for one in found)
        words = _("%(code)s stands for several: %(skus)s. Scan or type the SKU.")
        raise CodeRefused(words % {"code": code, "skus": skus}, code)
    return found[0]


def bin_of(location: Location, code: str) -> Bin | None:
    return Bin.objects.filter(location=location, code__iexact=code, is_active=True).first()


def _barcodes(code: str) -> list[str]:
    """Scanners leave out or add the zero that makes a UPC an EAN."""
    if not (code.isdigit() and len(code) in (12, 13)):
        return [code] if len(code) <= 14 else []
    return [code, code.removeprefix("0") if len(code) == 13 else f"0{code}"]
