"""Variants by what stands on their label."""

from collections.abc import Sequence

from django.db.models import Q
from stdnum import ean

from catalog.models import Variant

MOST = 5
# A number is printed and scanned with or without zeros before it, up to this length.
GTIN_LENGTHS = (8, 12, 13, 14)


def scanned(code: str) -> Sequence[Variant]:
    """Variants whose SKU this is, in any case, or whose barcode, with or without leading zeros."""
    code = code.strip()
    if not code or len(code) > 64:
        return []
    wanted = Q(sku__iexact=code)
    if spellings := _spellings(code):
        wanted |= Q(barcode__in=spellings)
    found = Variant.objects.filter(wanted).select_related("product")
    return list(found.order_by("-is_active", "sku")[:MOST])


def _spellings(code: str) -> list[str]:
    """The same number in every length; nothing for what is no barcode."""
    number = ean.compact(code)
    if not (number.isascii() and number.isdigit() and len(number) in GTIN_LENGTHS):
        return []
    bare = number.lstrip("0")
    return [bare.zfill(length) for length in GTIN_LENGTHS if len(bare) <= length]
