"""Arrivals: whether what somebody counted can be what was ordered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.services.purchases import WrongState
from inventory.services.terms import Lot
from shop.lib.errors import Refused

# In per cent: so many more than ordered are taken without a question.
MORE_IS_FINE = 10
Lines = Mapping[int, PurchaseOrderLine]


class NotOpen(WrongState):
    """Raised for an order of which nothing is on its way."""


class NotOnOrder(Refused):
    """Raised for a line that is on another order."""


class NothingCame(Refused):
    """Raised for a delivery without a unit."""


class ReasonMissing(Refused):
    """Raised for refused units that nobody said a reason for."""


class OverDelivered(Refused):
    """Raised when far more came than was ordered, until somebody says that it is wanted."""

    def __init__(self, over: Mapping[int, int], words: str) -> None:
        super().__init__(words)
        # line id -> units beyond the order
        self.over = dict(over)


@dataclass(frozen=True, slots=True)
class Came:
    """Units of a line at the door: good ones, and refused ones with the reason."""

    line_id: int
    quantity: int
    rejected: int = 0
    reason: str = ""
    lot: Lot | None = None


def check(
    *, order: PurchaseOrder, lines: Lines, came: Sequence[Came], is_confirmed: bool
) -> list[str]:
    """What is worth saying about a delivery that can be taken in; nothing is changed.

    Raises NotOpen, NotOnOrder, NothingCame, ReasonMissing, OverDelivered.
    """
    if order.status not in PurchaseOrder.OPEN:
        told = {"order": order.number, "state": order.get_status_display().lower()}
        raise NotOpen(_("Nothing of %(order)s is on its way: it is %(state)s.") % told)
    if any(one.line_id not in lines for one in came):
        raise NotOnOrder(_("That is on another order than %s.") % order.number)
    if not any(one.quantity or one.rejected for one in came):
        raise NothingCame(_("Nothing was counted."))
    if any(min(one.quantity, one.rejected) < 0 for one in came):
        raise NothingCame(_("A delivery can't have fewer units than none."))
    if any(one.rejected and not one.reason.strip() for one in came):
        raise ReasonMissing(_("Say why units were refused."))
    return _over(lines, came, is_confirmed=is_confirmed)


def _over(lines: Lines, came: Sequence[Came], *, is_confirmed: bool) -> list[str]:
    """Refused units are no delivery: more may be brought in their place."""
    units: Counter[int] = Counter()
    for one in came:
        units[one.line_id] += one.quantity
    over = {pk: lines[pk].received + count - lines[pk].quantity for pk, count in units.items()}
    over = {pk: more for pk, more in over.items() if more > 0}
    told = [_more(lines[pk], more) for pk, more in over.items()]
    far = {pk: more for pk, more in over.items() if more * 100 > lines[pk].quantity * MORE_IS_FINE}
    if far and not is_confirmed:
        words = " ".join(_more(lines[pk], more) for pk, more in far.items())
        raise OverDelivered(far, words + " " + _("Take them in all the same?"))
    return told


def _more(line: PurchaseOrderLine, units: int) -> str:
    words = ngettext(
        "%(sku)s: %(count)s more than ordered.", "%(sku)s: %(count)s more than ordered.", units
    )
    return words % {"sku": line.variant.sku, "count": units}
