"""The tax a destination asks for, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shop.lib.money import ZERO
from shop.lib.tax import Taxed, relieved_amount, tax_amount

# By an order's relief: what stands on its documents in place of the tax's name.
RELIEFS = {
    "reverse_charge": _("Reverse charge"),
    "exempt": _("Exempt customer"),
    "export": _("Export"),
}
STANDARD = "standard"


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
        """What the class is taxed at there, whoever buys."""
        return self.rates.get(tax_class, NO_TAX)

    def charged(self, tax_class: str) -> Rate:
        """What this buyer is charged: the rate, or none under the relief's name."""
        if self.relief:
            return Rate(str(RELIEFS.get(self.relief, self.relief)), ZERO)
        return self.rate(tax_class)

    def taxed(self, amount: Decimal, tax_class: str, currency: str) -> Taxed:
        """An amount as prices are entered, with the tax this buyer pays."""
        rate = self.rate(tax_class).rate
        take = relieved_amount if self.relief else tax_amount
        return take(amount, rate=rate, included=self.included, currency=currency)

    @property
    def usual_class(self) -> str:
        """The class of what stands for itself: the standard one, else that with the highest rate."""
        if STANDARD in self.rates or not self.rates:
            return STANDARD
        return max(sorted(self.rates), key=lambda one: self.rates[one].rate)
