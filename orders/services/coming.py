"""What a line's shopper is told of stock: that it can't be had, or that some of it follows."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.queries.stock import paying_text
from inventory.queries import Availability, Waiting
from orders.models import OrderLine
from shop.templatetags.shop_text import monthday


def problem_of(stock: Availability, units: int) -> str:
    """What the stock has against so many units of a variant in one cart."""
    left = stock.sellable
    if left >= units:
        return ""
    if stock.paying and left:
        return ngettext(
            "Only %(count)s is left while others are paying. "
            "There may be more again in a few minutes.",
            "Only %(count)s are left while others are paying. "
            "There may be more again in a few minutes.",
            left,
        ) % {"count": left}
    if stock.paying:
        return paying_text(stock.paying)
    if left:
        return _("Only %(count)s left. Please lower the quantity.") % {"count": left}
    return _("Sold out since you added it. Please remove it.")


def follows_of(stock: Availability, units: int, *, before: int = 0) -> str:
    """When the units of a line are sent that are not there; empty when all of them are.

    before: units of the variant in the lines above, which get theirs first.
    """
    there = max(0, min(units, stock.available - before))
    later = min(units - there, stock.later)
    if later <= 0:
        return ""
    if stock.is_preorder:
        return _("Pre-order: sent from %(day)s") % {"day": monthday(stock.later_on)}
    return follow_text(later, units, stock.later_on)


def sent_from(found: Collection[Availability]) -> dt.date | None:
    """The day from which goods are sent of which nothing is there; None when some of it is."""
    days = [one.later_on for one in found if not one.available and one.later]
    if not days or len(days) < len(found) or None in days:
        return None
    return max(day for day in days if day)


def waits_of(waiting: Waiting | None, units: int) -> str:
    """The same of a bought line: what was promised for when."""
    if waiting is None:
        return ""
    return follow_text(waiting.units, units, waiting.day)


def is_all_to_come(lines: Iterable[OrderLine], waiting: Mapping[UUID, Waiting]) -> bool:
    """Whether nothing of an order has been sent or could be sent today."""
    sent = [line for line in lines if line.is_shipped]
    due = sum(line.unfulfilled for line in sent)
    to_come = sum(waiting[line.holder].units for line in sent if line.holder in waiting)
    return 0 < due <= to_come and not any(line.fulfilled for line in sent)


def later_words(waiting: Iterable[Waiting], *, is_unpaid: bool) -> dict[str, str]:
    """What an order says of itself while all of it is still to come."""
    if is_unpaid:
        return {"status_text": _("We post your goods once they are here and the money is in.")}
    days = [one.day for one in waiting]
    known = max((day for day in days if day), default=None)
    if known is None or None in days:
        headline = _("Your order is still to come")
    else:
        headline = _("Sent from %(day)s") % {"day": monthday(known)}
    return {"headline": headline, "status_text": _("We write as soon as it is here and leaves.")}


def follow_text(later: int, units: int, day: dt.date | None) -> str:
    """ "2 of 5 follow from 12 December"; "Sent from 12 December" when all of them do."""
    words = {"later": later, "units": units, "day": monthday(day)}
    if day is None:
        return _("%(later)s of %(units)s still to come") % words
    if later >= units:
        return _("Sent from %(day)s") % words
    return (
        ngettext(
            "%(later)s of %(units)s follows from %(day)s",
            "%(later)s of %(units)s follow from %(day)s",
            later,
        )
        % words
    )
