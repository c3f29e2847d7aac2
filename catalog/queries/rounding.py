"""How computed prices end: x.99, x.95, whole units."""

from decimal import ROUND_HALF_UP, Decimal

from catalog.models import Rounding
from shop.lib.money import ZERO, exponent, quantum, round_money

ONE = Decimal(1)
STEPS = {Rounding.WHOLE: ONE, Rounding.FIVES: Decimal("0.05")}


def rounded(amount: Decimal, rule: str, currency: str) -> Decimal:
    """The nearest amount that ends as the rule says, the higher of two; never below zero.

    Without a rule to the currency's own unit. Where a currency has no smaller coins, every rule
    means whole units.
    """
    if not rule or amount <= 0:
        return round_money(max(amount, ZERO), currency)
    if exponent(currency) == 0:
        return round_money(amount, currency)
    step = STEPS.get(Rounding(rule))
    if step is not None:
        return round_money(_nearest(amount, step), currency)
    ending = Decimal(rule)
    return round_money(max(_nearest(amount - ending, ONE), ZERO) + ending, currency)


def rounded_up(amount: Decimal, rule: str, currency: str) -> Decimal:
    """The next amount that ends as the rule says and is not below this one."""
    found = rounded(amount, rule, currency)
    if found >= amount:
        return found
    smallest = quantum(currency)
    step = max(STEPS.get(Rounding(rule), ONE), smallest) if rule else smallest
    return rounded(amount + step, rule, currency)


def _nearest(amount: Decimal, step: Decimal) -> Decimal:
    return (amount / step).quantize(ONE, rounding=ROUND_HALF_UP) * step
