"""Tax arithmetic: one amount, one rate, three figures that always agree."""

from dataclasses import dataclass
from decimal import Decimal

from shop.lib.money import ZERO, round_money


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount before tax, its tax, and the sum. Refuses to exist when they disagree."""

    net: Decimal
    tax: Decimal
    gross: Decimal

    def __post_init__(self) -> None:
        if self.net + self.tax != self.gross:
            raise ValueError(f"{self.net} + {self.tax} is not {self.gross}")

    def __add__(self, other: "Taxed") -> "Taxed":
        return Taxed(self.net + other.net, self.tax + other.tax, self.gross + other.gross)


NOTHING = Taxed(ZERO, ZERO, ZERO)


def tax_amount(amount: Decimal, *, rate: Decimal, included: bool, currency: str) -> Taxed:
    """Split or raise an amount by a rate in per cent.

    included: the amount is gross, so tax = gross x rate / (100 + rate), rounded once;
    otherwise the amount is net and tax = net x rate / 100, rounded once.
    """
    if included:
        tax = round_money(amount * rate / (100 + rate), currency)
        return Taxed(amount - tax, tax, amount)
    tax = round_money(amount * rate / 100, currency)
    return Taxed(amount, tax, amount + tax)


def relieved_amount(amount: Decimal, *, rate: Decimal, included: bool, currency: str) -> Taxed:
    """An amount for a buyer who pays no tax: without what is in it, or as it is when none is."""
    net = (
        tax_amount(amount, rate=rate, included=True, currency=currency).net if included else amount
    )
    return Taxed(net, ZERO, net)
