"""What a price was before it was cut: the figure the law wants beside every announced reduction.

Directive 98/6/EC, Art. 6a: the lowest price of the 30 days before the reduction was applied.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from catalog.models import PriceHistory

WINDOW = dt.timedelta(days=30)
# A price and the moment from which it held.
Step = tuple[dt.datetime, Decimal]
Key = tuple[int, int]


def lowest_before(steps: Sequence[Step]) -> Decimal | None:
    """The lowest price of the 30 days before the last step, from all steps in order.

    None for a price that never changed. 80, then 100, then 90: the answer is 80.
    """
    *earlier, (since, _amount) = steps
    ends = [at for at, _earlier in steps[1:]]
    held = [
        amount
        for (begun, amount), ended in zip(earlier, ends, strict=True)
        if ended > since - WINDOW and ended > begun
    ]
    return min(held, default=None)


def announced(amount: Decimal, compare_at: Decimal | None, prior: Decimal | None) -> Decimal | None:
    """The price to strike out: none when the goods cost as little in the 30 days before."""
    return None if prior is not None and prior <= amount else compare_at


def prior_prices(variant_ids: Iterable[int]) -> dict[Key, Decimal]:
    """`lowest_before` of these variants' prices by (variant id, market id). At most one query."""
    wanted = list(variant_ids)
    if not wanted:
        return {}
    steps: dict[Key, list[Step]] = defaultdict(list)
    rows = (
        PriceHistory.objects.filter(variant_id__in=wanted)
        .order_by("variant_id", "market_id", "at", "pk")
        .values_list("variant_id", "market_id", "at", "amount")
    )
    for variant_id, market_id, at, amount in rows:
        steps[variant_id, market_id].append((at, amount))
    found = {key: lowest_before(known) for key, known in steps.items()}
    return {key: amount for key, amount in found.items() if amount is not None}
