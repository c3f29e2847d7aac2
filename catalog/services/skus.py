"""SKUs by the pattern of a product type: MUG-ASH-320, and never one twice."""

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from catalog.models import OptionValue, Product, Variant
from shop.lib.errors import Refused
from shop.lib.text import slugify

LONGEST = 64
# Room that is kept for the number which makes a SKU unlike another.
LONGEST_STEM = 58
PART = re.compile(r"\{([a-z]*)\}")
PARTS = ("product", "values", "type", "number")
SPARE = "{product}-{values}"


class PatternRefused(Refused):
    """Raised when a pattern has parts that nothing stands for."""


def check_pattern(pattern: str) -> None:
    """Raise PatternRefused unless the pattern is made of letters, hyphens and known parts."""
    unknown = [name for name in PART.findall(pattern) if name not in PARTS]
    rest = PART.sub("", pattern)
    if unknown or not re.fullmatch(r"[A-Za-z0-9._/-]*", rest):
        known = ", ".join(f"{{{name}}}" for name in PARTS)
        raise PatternRefused(
            _("Use letters, digits, hyphens and these parts: %(parts)s.") % {"parts": known}
        )
    if not {"product", "values", "number"} & set(PART.findall(pattern)):
        raise PatternRefused(_("A pattern without parts would make the same SKU every time."))


def free_sku(
    product: Product, values: Sequence[OptionValue], *, number: int, taken: Iterable[str] = ()
) -> str:
    """A SKU that says what it is and that nothing else has. number: place in the product, from 1.

    taken: SKUs that are promised but not written yet.
    """
    stem = stem_of(product, values, number=number)
    promised = {one.upper() for one in taken}
    sku, again = stem, 1
    while sku in promised or Variant.objects.filter(sku__iexact=sku).exists():
        again += 1
        sku = f"{stem}-{again}"
    return sku


def stem_of(product: Product, values: Sequence[OptionValue], *, number: int) -> str:
    """What the pattern of the product's type makes of a variant."""
    stand_ins = {
        "product": product.slug[:24],
        "values": "-".join(filter(None, (slugify(value.name, limit=12) for value in values))),
        "type": product.type.code[:16],
        "number": f"{number:03}",
    }
    pattern = product.type.sku_pattern or SPARE
    text = PART.sub(lambda match: stand_ins.get(match[1], ""), pattern)
    stem = re.sub(r"-{2,}", "-", text).strip("-").upper()[:LONGEST_STEM].rstrip("-")
    return stem or f"P{product.pk}-{number:03}"
