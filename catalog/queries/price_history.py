"""What a price was before it was cut: the figure the law wants beside every announced reduction.

Directive 98/6/EC, Art. 6a: the lowest price of the 30 days before the reduction was applied; of a
reduction that grew without a break, before its first step (paragraph 5). That price is what a
reduction is told against, not only beside (European Court of Justice, C-330/23).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from catalog.models import PriceHistory

WINDOW = dt.timedelta(days=30)
# A price and the moment from which it held.
Step = tuple[dt.datetime, Decimal]
Key = tuple[int, int]
NO_SALES: Mapping[Key, dt.datetime | None] = MappingProxyType({})


def lowest_before(steps: Sequence[Step], *, since: dt.datetime | None = None) -> Decimal | None:
    """The lowest price of the 30 days before the last step, from all steps in order.

    since: the reduction began then and has only grown since; steps from there on count for nothing.
    None for a price that never was another. 80, then 100, then 90: the answer is 80.
    """
    began = since or steps[-1][0]
    ends = [at for at, _earlier in steps[1:]]
    held = [
        amount
        for (begun, amount), ended in zip(steps, [*ends, None], strict=True)
        if begun < began and (ended is None or ended > max(begun, began - WINDOW))
    ]
    return min(held, default=None)


def announced(
    amount: Decimal,
    compare_at: Decimal | None,
    prior: Decimal | None,
    *,
    regular: Decimal | None = None,
) -> Decimal | None:
    """The price to strike out: never more than the goods cost at least in the 30 days before.

    compare_at: what staff say it was. regular: the price that a sale reduces; what a sale sells
    but nobody was ever asked more for has no price to strike out.
    """
    said = regular if compare_at is None else compare_at
    if said is None or (regular is not None and prior is None):
        return None
    was = said if prior is None else min(said, prior)
    return was if was > amount else None


def prior_prices(
    variant_ids: Iterable[int], *, since: Mapping[Key, dt.datetime | None] = NO_SALES
) -> dict[Key, Decimal]:
    """`lowest_before` of these variants' prices by (variant id, market id). At most one query.

    since: from when sales have held a price down.
    """
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
    found = {key: lowest_before(known, since=since.get(key)) for key, known in steps.items()}
    return {key: amount for key, amount in found.items() if amount is not None}
