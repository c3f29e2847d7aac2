"""Bins: a row of them made at once, and what lies in which."""

import re
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from catalog.models import Variant
from inventory.models import Bin, BinItem, Location, StockItem
from shop.lib.errors import Refused

CODE = re.compile(r"(.*?)([0-9]{1,6})")
LONGEST = 20
AT_ONCE = 500
# Room between two bins, for one that is put up later.
STEP = 10


class BinRefused(Refused):
    """Raised for a range of bins that makes no sense."""


@dataclass(frozen=True, slots=True)
class Made:
    """How many bins are new, and how many were there already."""

    count: int
    known: int


def codes_between(first: str, last: str) -> list[str]:
    """A-01 … A-20. Raises BinRefused for ends that do not belong together."""
    one, other = CODE.fullmatch(first.strip()), CODE.fullmatch(last.strip())
    if not (one and other) or one[1] != other[1]:
        raise BinRefused(_("Say the range like A-01 to A-20: the same letters, then a number."))
    begin, end = int(one[2]), int(other[2])
    if not begin <= end < begin + AT_ONCE:
        raise BinRefused(
            _("The second number must follow the first; at most %(most)s bins.") % {"most": AT_ONCE}
        )
    width = len(one[2])
    codes = [f"{one[1]}{number:0{width}}" for number in range(begin, end + 1)]
    if len(codes[-1]) > LONGEST:
        raise BinRefused(_("A code has at most %(most)s characters.") % {"most": LONGEST})
    return codes


@transaction.atomic
def create_range(*, location: Location, first: str, last: str) -> Made:
    """Put up bins at the end of the walk; those that are there stay where they are."""
    codes = codes_between(first, last)
    known = set(
        Bin.objects.filter(location=location, code__in=codes).values_list("code", flat=True)
    )
    end = Bin.objects.filter(location=location).aggregate(end=Max("position"))["end"] or 0
    new = [code for code in codes if code not in known]
    Bin.objects.bulk_create(
        (
            Bin(location=location, code=code, position=end + STEP * at)
            for at, code in enumerate(new, 1)
        ),
        ignore_conflicts=True,
    )
    return Made(len(new), len(known))


@transaction.atomic
def put(*, place: Bin, variant: Variant) -> bool:
    """Say that a piece lies in a bin, the first of its bins or a reserve. False: it was known."""
    item, _new = StockItem.objects.get_or_create(variant=variant, location=place.location)
    others = BinItem.objects.filter(stock_item=item)
    last = others.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    _row, is_new = BinItem.objects.get_or_create(
        bin=place, stock_item=item, defaults={"position": position}
    )
    return is_new


def take_out(*, place: Bin, item_id: int) -> None:
    """Say that a piece does not lie in this bin any more."""
    BinItem.objects.filter(bin=place, stock_item=item_id).delete()
