"""Money as an exact amount in one currency.

Amounts are `Decimal`, stored as NUMERIC(14, 3) and rounded here and nowhere else: to the
currency's own exponent (ISO 4217), halves away from zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache

# Minor units other than two, ISO 4217.
EXPONENTS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip
ZERO = Decimal(0)


class CurrencyMismatch(ValueError):
    """Raised when two currencies meet in one sum."""


def exponent(currency: str) -> int:
    return EXPONENTS.get(currency, 2)


@cache
def quantum(currency: str) -> Decimal:
    """The smallest amount of the currency that can be paid."""
    return Decimal(1).scaleb(-exponent(currency))


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round to the currency's minor unit, halves away from zero: the shop's one rounding rule."""
    return amount.quantize(quantum(currency), rounding=ROUND_HALF_UP)


def to_minor(amount: Decimal, currency: str) -> int:
    """Count of minor units (pence, cents, yen), as payment providers want it."""
    return int(round_money(amount, currency).scaleb(exponent(currency)))


def from_minor(units: int, currency: str) -> Decimal:
    return Decimal(units).scaleb(-exponent(currency))


def split(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Divide an amount by weights so that the parts add up exactly (largest remainder method)."""
    total = sum(weights, ZERO)
    if total == 0:
        weights, total = [Decimal(1)] * len(weights), Decimal(len(weights))
    step = quantum(currency)
    exact = [amount * weight / total for weight in weights]
    parts = [share.quantize(step, rounding=ROUND_DOWN) for share in exact]
    missing = int((amount - sum(parts, ZERO)) / step)
    by_remainder = sorted(
        range(len(parts)), key=lambda index: (-abs(exact[index] - parts[index]), index)
    )
    for index in by_remainder[: abs(missing)]:
        parts[index] += step if missing > 0 else -step
    return parts


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency; refuses to mix two."""

    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.amount * quantity, self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def rounded(self) -> "Money":
        return Money(round_money(self.amount, self.currency), self.currency)

    def _same(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
