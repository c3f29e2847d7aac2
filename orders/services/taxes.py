"""Which tax an order owes, by where it goes."""

import datetime as dt

from catalog.models import Market, TaxRate
from orders.services.pricing import Rate, TaxRules


def rules(*, market: Market, country: str, on: dt.date) -> TaxRules:
    """The rates that a destination knows on a day, by tax class. One query."""
    rates = TaxRate.objects.on(on).filter(country=country).select_related("tax_class")
    return TaxRules(
        country=country,
        included=market.prices_include_tax,
        rates={rate.tax_class.code: Rate(rate.name, rate.rate) for rate in rates},
    )
