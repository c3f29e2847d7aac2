"""Where a basket would go, and what ways of delivery that leaves."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import Market
from orders.forms import EstimateForm, country_names
from orders.models import Cart
from orders.services.pricing import Delivery
from shipping.queries import countries_served
from shop.lib.money import ZERO
from shop.processes.quoting import Priced
from shop.templatetags.shop_text import dateline, money


@dataclass(frozen=True, slots=True)
class Way:
    """A way of delivery as it is offered. value: its code."""

    value: str
    name: str
    carrier: str
    arrival_text: str
    price_text: str
    is_chosen: bool


def countries(market: Market) -> list[str]:
    """Where this market's parcels go."""
    served = set(countries_served(market.currency))
    return [code for code in market.countries if code in served]


def ways(priced: Priced, market: Market) -> list[Way]:
    chosen = priced.quote.delivery
    return [
        Way(
            value=offer.code,
            name=offer.name,
            carrier="" if offer.carrier in offer.name else offer.carrier,
            arrival_text=arrival_text(offer),
            price_text=money(offer.price, market.currency) if offer.price else _("Free"),
            is_chosen=chosen is not None and chosen.code == offer.code,
        )
        for offer in priced.deliveries
    ]


def arrival_text(offer: Delivery) -> str:
    """ "Arrives Tue 24 Nov", or from one day to another."""
    first, last = dateline(offer.arrives_from), dateline(offer.arrives_by)
    if first == last:
        return _("Arrives %(day)s") % {"day": first}
    return _("Arrives %(first)s to %(last)s") % {"first": first, "last": last}


def estimate_form(cart: Cart, market: Market, data: Any = None) -> EstimateForm:
    """The question where to; without answers it holds what the basket keeps."""
    initial = {"country": cart.country or market.home_country, "postcode": cart.postcode}
    return EstimateForm(data, initial=initial, countries=countries(market))


def estimated(
    cart: Cart, priced: Priced | None, market: Market, *, form: EstimateForm | None
) -> dict[str, Any]:
    """What the basket's page says of delivery: where to, by which ways, and what tax is there."""
    form = form or estimate_form(cart, market)
    country = cart.country or market.home_country
    place = ", ".join(filter(None, (dict(country_names([country]))[country], cart.postcode)))
    found = ways(priced, market) if priced else []
    needs_delivery = priced is not None and any(
        line.variant.product.type.is_shipped for line in priced.lines
    )
    return {
        "form": form,
        "place": place,
        "ways": found if needs_delivery else [],
        "is_undeliverable": needs_delivery and not found,
        "is_open": form.is_bound or bool(cart.country),
        "tax": priced.quote.total.tax if priced else ZERO,
    }
