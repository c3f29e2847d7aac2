"""The delivery box of a product page."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import Market, Product
from catalog.queries.options import Choice
from catalog.queries.shelves import ids_above
from catalog.queries.wording import clock
from orders.services import return_policy
from shipping.queries import Piece, Promise, blocked, promise
from shipping.queries.rating import boxes_in_use
from shipping.queries.restrictions import bans
from shop.lib.addresses import address_of
from shop.lib.workdays import start_of
from shop.templatetags.shop_text import current_locale, dateline, money, short_money

LONGEST = 60 * 60


@dataclass(frozen=True, slots=True)
class Delivery:
    """Sentences beside the buy button. price: of the cheapest delivery, None when there is none.

    blocked_text: that it may not be sent to the market's home country, and why.
    """

    arrival_text: str
    cost_text: str
    returns_text: str
    returns_url: str
    cutoff_text: str
    price: Decimal | None
    cut_off: dt.datetime | None
    duties_text: str = ""
    blocked_text: str = ""
    # The policy in a few sentences, for further down.
    returns_long: str = ""

    @property
    def words(self) -> "DeliveryWords":
        return DeliveryWords(
            arrival=self.arrival_text,
            cutoff=self.cutoff_text,
            cost=self.cost_text,
            duties=self.duties_text,
            returns=self.returns_text,
            returns_url=self.returns_url,
            blocked=self.blocked_text,
        )

    def seconds_left(self, now: dt.datetime) -> int:
        """How long the sentences stay true, an hour at most."""
        if self.cut_off is None:
            return LONGEST
        return max(1, min(LONGEST, int((self.cut_off - now).total_seconds())))


@dataclass(frozen=True, slots=True)
class DeliveryWords:
    """What the box beside the button says."""

    arrival: str
    cutoff: str
    cost: str
    duties: str
    returns: str
    returns_url: str
    blocked: str


def delivery_of(item: Product, choice: Choice, market: Market, *, now: dt.datetime) -> Delivery:
    """What can be promised of one piece to somebody in the market's home country.

    No query of its own: what delivery goes by is kept.
    """
    if not item.type.is_shipped:
        return _delivery(_("Arrives by e-mail, within the hour"), _("No delivery cost"))
    country, pieces = market.home_country, [_piece(item, choice)]
    if reason := _reason(pieces, country):
        return replace(_delivery("", ""), blocked_text=_blocked(reason, country))
    found = promise(
        country=country,
        currency=market.currency,
        pieces=pieces,
        boxes=boxes_in_use() if pieces[0].is_measured else (),
        goods=choice.price,
        now=max(now, start_of(choice.stock.starts_on)) if choice.stock.starts_on else now,
    )
    if found is None:
        return _delivery(_("You see the arrival date at the checkout"), "")
    arrival = _("Arrives %(days)s") % {"days": _days(found)}
    if choice.stock.starts_on:
        return replace(_delivery(arrival, _cost(found, market), found=found), cut_off=None)
    cutoff = _("If you order by %(moment)s") % {"moment": _moment(found.cut_off, now)}
    return _delivery(arrival, _cost(found, market), cutoff=cutoff, found=found)


def with_returns(delivery: Delivery, item: Product, market: Market) -> Delivery:
    """What the policy says of this product, in the words of the checkout and of a return."""
    words = return_policy.words(
        product=item,
        country=market.home_country,
        lies_in=item.lies_in,  # type: ignore[attr-defined]
    )
    return replace(delivery, returns_text=words.short, returns_long=words.long)


def _delivery(arrival: str, cost: str, cutoff: str = "", found: Promise | None = None) -> Delivery:
    return Delivery(
        arrival_text=arrival,
        cost_text=cost,
        returns_text="",
        returns_url=address_of("support:article", "returns"),
        cutoff_text=cutoff,
        price=found.price if found else None,
        cut_off=found.cut_off if found else None,
        duties_text=found.note if found else "",
    )


def _piece(item: Product, choice: Choice) -> Piece:
    length, width, height = choice.sides
    return Piece(
        variant_id=choice.pk,
        units=1,
        grams=choice.grams,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        is_fragile=choice.is_fragile,
        product_id=item.pk,
        categories=ids_above(item.category),
    )


def _reason(pieces: list[Piece], country: str) -> str:
    found = blocked(pieces=pieces, country=country, known=bans())
    return next(iter(found.values()), "")


def _blocked(reason: str, country: str) -> str:
    name = current_locale().territories.get(country, country)
    return _("We can't send this to %(country)s. %(reason)s") % {"country": name, "reason": reason}


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
