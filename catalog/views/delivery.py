"""The delivery box of a product page."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Market, Product
from catalog.queries.options import Choice
from catalog.queries.structured import RETURN_DAYS
from catalog.queries.wording import clock
from shipping.queries import Promise, promise
from shop.templatetags.shop_text import dateline, money, short_money

LONGEST = 60 * 60


@dataclass(frozen=True, slots=True)
class Delivery:
    """Sentences beside the buy button. price: of the cheapest delivery, None when there is none."""

    arrival_text: str
    cost_text: str
    returns_text: str
    returns_url: str
    cutoff_text: str
    price: Decimal | None
    cut_off: dt.datetime | None

    def seconds_left(self, now: dt.datetime) -> int:
        """How long the sentences stay true, an hour at most."""
        if self.cut_off is None:
            return LONGEST
        return max(1, min(LONGEST, int((self.cut_off - now).total_seconds())))


def delivery_of(item: Product, choice: Choice, market: Market, *, now: dt.datetime) -> Delivery:
    """What can be promised of one piece to somebody in the market's home country. One query."""
    if not item.type.is_shipped:
        return _delivery(_("Arrives by e-mail, within the hour"), _("No delivery cost"))
    found = promise(
        country=market.home_country,
        currency=market.currency,
        grams=choice.grams,
        goods=choice.price,
        now=now,
    )
    if found is None:
        return _delivery(_("You see the arrival date at the checkout"), "")
    arrival = _("Arrives %(days)s") % {"days": _days(found)}
    cutoff = _("If you order by %(moment)s") % {"moment": _moment(found.cut_off, now)}
    return _delivery(arrival, _cost(found, market), cutoff=cutoff, found=found)


def _delivery(arrival: str, cost: str, cutoff: str = "", found: Promise | None = None) -> Delivery:
    return Delivery(
        arrival_text=arrival,
        cost_text=cost,
        returns_text=_("%(days)s-day returns, prepaid label") % {"days": RETURN_DAYS},
        returns_url=reverse("support:article", args=["returns"]),
        cutoff_text=cutoff,
        price=found.price if found else None,
        cut_off=found.cut_off if found else None,
    )


def _moment(cut_off: dt.datetime, now: dt.datetime) -> str:
    """ "2 pm", or "Mon 23 Nov, 2 pm" when that is not today."""
    if cut_off.date() == now.astimezone(cut_off.tzinfo).date():
        return clock(cut_off)
    return f"{dateline(cut_off.date())}, {clock(cut_off)}"


def _days(found: Promise) -> str:
    if found.arrives_from == found.arrives_by:
        return dateline(found.arrives_by)
    days = {"first": dateline(found.arrives_from), "last": dateline(found.arrives_by)}
    return _("%(first)s to %(last)s") % days


def _cost(found: Promise, market: Market) -> str:
    if found.price == 0:
        return _("Free delivery")
    cost = _("Delivery %(amount)s") % {"amount": money(found.price, market.currency)}
    if found.free_from is None:
        return cost
    least = short_money(found.free_from, market.currency)
    return _("%(cost)s, free over %(amount)s") % {"cost": cost, "amount": least}
