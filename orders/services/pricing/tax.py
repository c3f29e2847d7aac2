"""The tax a destination asks for, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from shop.lib.money import ZERO


@dataclass(frozen=True, slots=True)
class Rate:
    """A tax rate in per cent, by the name it has on documents."""

    name: str
    rate: Decimal


NO_TAX = Rate("VAT", ZERO)


@dataclass(frozen=True, slots=True)
class TaxRules:
    """The rates of one destination on one day, by tax class.

    included: prices are entered with tax in them.
    relief: why this buyer pays none of it (an Order.Relief value); prices with tax lose it then.
    """

    country: str
    included: bool
    rates: Mapping[str, Rate] = field(default_factory=dict)
    region: str = ""
    relief: str = ""

    def rate(self, tax_class: str) -> Rate:
        return self.rates.get(tax_class, NO_TAX)
