"""Amounts as documents keep them: exact text, as many decimals as the currency has coins for."""

from decimal import Decimal

from shop.lib.money import exponent, quantum, round_money

# Finer than a coin: what a unit costs before tax seldom comes out even.
FINER = Decimal("0.01")


def written(amount: Decimal, currency: str) -> str:
    """ "12.50", "1200" for yen. What is finer than a coin (it never should be) stays as it is."""
    rounded = round_money(amount, currency)
    return str(rounded if rounded == amount else amount)


def unit_price(listed: Decimal, quantity: int, currency: str) -> str:
    """What one costs, to a hundredth of a coin where it does not come out even."""
    exact = listed / quantity
    even = round_money(exact, currency)
    if even * quantity == listed:
        return str(even)
    return str(exact.quantize(quantum(currency) * FINER))


def decimals(amount: Decimal, currency: str) -> int:
    """How many are to be printed."""
    found = -int(amount.as_tuple().exponent)
    return max(found, exponent(currency))
