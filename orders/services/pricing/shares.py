"""Integer arithmetic of discounts: per cents in basis points, amounts in whole minor units."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

WHOLE = 10_000


def basis_points(percent: Decimal) -> int:
    """10 (per cent) is 1000; what is finer than a hundredth of a per cent is rounded half up."""
    return int((percent * 100).to_integral_value(rounding=ROUND_HALF_UP))


def part(amount: int, points: int) -> int:
    """So many basis points of an amount, halves up; never more than the amount."""
    return min(amount, (amount * points + WHOLE // 2) // WHOLE)


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide an amount by weights so that the parts add up (largest remainder, then first).

    No part exceeds its weight as long as the amount does not exceed their sum.
    """
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    parts, remainders = [], []
    for weight in weights:
        whole, rest = divmod(amount * weight, total)
        parts.append(whole)
        remainders.append(-rest)
    missing = amount - sum(parts)
    for place in sorted(range(len(parts)), key=remainders.__getitem__)[:missing]:
        parts[place] += 1
    return parts
