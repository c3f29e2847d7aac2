"""What there is of a variant, and what its page says of that."""

import datetime as dt
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.templatetags.shop_text import monthday

Told = tuple[str, str]


class Stock(NamedTuple):
    """Units as inventory counts them, and when more can be sent. See inventory's Availability."""

    available: int = 0
    low_at: int = 0
    later: int = 0
    later_on: dt.date | None = None
    is_preorder: bool = False
    paying: int = 0
    more_on: dt.date | None = None

    @property
    def sellable(self) -> int:
        return self.available + self.later

    @property
    def is_low(self) -> bool:
        """Few are left, and none can be had later."""
        return 0 < self.available <= self.low_at and not self.later

    @property
    def starts_on(self) -> dt.date | None:
        """The day it is sent from when none is there, though it can be bought."""
        return self.later_on if self.later and not self.available else None


NO_STOCK = Stock()


def sold_out(stock: Stock) -> Told:
    """(text, tone) of what can't be bought now."""
    if stock.paying:
        return paying_text(stock.paying), "warn"
    if stock.more_on:
        day = monthday(stock.more_on)
        return _("Sold out. More expected on %(day)s.") % {"day": day}, "bad"
    return _("Sold out"), "bad"


def paying_text(units: int) -> str:
    """Why nothing is left, when that may change at any moment."""
    return ngettext(
        "Somebody else is paying for the last one. It may be free again in a few minutes.",
        "Others are paying for the last ones. Some may be free again in a few minutes.",
        units,
    )


def sold_ahead(stock: Stock) -> Told | None:
    """(text, tone) where some or all of it comes later; None for what simply is there."""
    if not stock.later:
        return None
    words = {"day": monthday(stock.later_on), "count": stock.later, "now": stock.available}
    if stock.is_preorder:
        return _("Pre-order: sent from %(day)s, %(count)s left") % words, "ok"
    if not stock.available:
        return _("Made to order: sent from %(day)s") % words, "ok"
    if stock.available <= stock.low_at:
        return _("%(now)s in stock, more sent from %(day)s") % words, "ok"
    return None
