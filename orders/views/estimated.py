"""What a basket says of delivery and tax where it would go, and the question where that is."""

from dataclasses import dataclass
from typing import Any

from accounts.services.places import country_names
from catalog.models import Market
from orders.forms import EstimateForm
from orders.models import Cart
from orders.views.delivered import Stock, Way, countries, notes, ways
from shop.lib.stencils import Fixed, plain
from shop.processes.quoting import Priced


@dataclass(frozen=True, slots=True)
class Estimate:
    """As texts. countries: those that are served, with blanks between them."""

    place: str
    ways: tuple[Way, ...]
    notes: tuple[str, ...]
    is_undeliverable: bool
    is_open: bool
    country: Fixed
    countries: Fixed
    postcode: str

    @property
    def form(self) -> EstimateForm:
        initial = {"country": self.country, "postcode": plain(self.postcode)}
        return EstimateForm(initial=initial, countries=self.countries.split())


def asked(market: Market, data: Any) -> EstimateForm:
    """The question with answers."""
    return EstimateForm(data, countries=countries(market))


def estimated(cart: Cart, priced: Priced | None, market: Market, *, stock: Stock) -> Estimate:
    """Where to, by which ways, and what tax is there."""
    country = cart.country or market.home_country
    found = ways(priced, market, stock) if priced else ()
    needs_delivery = priced is not None and any(
        line.variant.product.type.is_shipped for line in priced.lines
    )
    return Estimate(
        place=", ".join(filter(None, (dict(country_names([country]))[country], cart.postcode))),
        ways=found if needs_delivery else (),
        notes=notes(priced) if priced else (),
        is_undeliverable=needs_delivery and not found,
        is_open=bool(cart.country),
        country=Fixed(country),
        countries=Fixed(" ".join(countries(market))),
        postcode=cart.postcode,
    )
