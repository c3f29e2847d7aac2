"""Where a basket would go, and what ways of delivery that leaves."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.models import Market
from inventory.queries import Availability
from orders.services.coming import sent_from
from orders.services.pricing import Delivery
from orders.views.fetched import Fetched, fetched
from shipping.models import Method
from shipping.queries import countries_served
from shop.processes.quoting import Priced
from shop.templatetags.shop_text import dateline, money, monthday

# By variant.
Stock = Mapping[int, Availability]


@dataclass(frozen=True, slots=True)
class Way:
    """A way of delivery as it is offered. value: its code; fetched: where, if not at the door."""

    value: str
    name: str
    carrier: str
    arrival_text: str
    price_text: str
    is_chosen: bool
    marks: tuple[str, ...] = ()
    fetched: Fetched | None = None


def countries(market: Market) -> list[str]:
    """Where this market's parcels go."""
    served = set(countries_served(market.currency))
    return [code for code in market.countries if code in served]


def ways(priced: Priced, market: Market, stock: Stock) -> tuple[Way, ...]:
    later = leaves_later(priced, stock)
    chosen = priced.quote.delivery
    return tuple(
        Way(
            value=offer.code,
            name=offer.name,
            carrier="" if offer.carrier in offer.name else offer.carrier,
            arrival_text=arrival_text(offer, later),
            price_text=money(offer.price, market.currency) if offer.price else _("Free"),
            is_chosen=chosen is not None and chosen.code == offer.code,
            marks=_marks(offer),
            fetched=fetched(priced, offer.code, offer.kind),
        )
        for offer in priced.deliveries
    )


def _marks(offer: Delivery) -> tuple[str, ...]:
    marks = (_("Cheapest"),) if offer.is_cheapest else ()
    return (*marks, _("Fastest")) if offer.is_fastest else marks


def notes(priced: Priced) -> tuple[str, ...]:
    """On duties, each once."""
    return tuple(dict.fromkeys(offer.note for offer in priced.deliveries if offer.note))


def leaves_later(priced: Priced, stock: Stock) -> dt.date | None:
    """The day from which a basket is sent of which nothing is there yet."""
    sent = [line for line in priced.lines if line.variant.product.type.is_shipped]
    return sent_from([stock[line.variant.pk] for line in sent])


def arrival_text(offer: Delivery, later: dt.date | None) -> str:
    """ "Arrives Tue 24 Nov", or from one day to another; from when it is sent, if it is to come."""
    if later:
        return _("Sent from %(day)s") % {"day": monthday(later)}
    first, last = dateline(offer.arrives_from), dateline(offer.arrives_by)
    if offer.kind == Method.Kind.COLLECT:
        return _("Ready for you %(day)s") % {"day": last}
    if first == last:
        return _("Arrives %(day)s") % {"day": first}
    return _("Arrives %(first)s to %(last)s") % {"first": first, "last": last}
