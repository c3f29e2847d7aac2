"""A past for prices that are said to have been higher."""

import datetime as dt

from catalog.models import Price, PriceHistory

REDUCED, BEFORE = dt.timedelta(days=9), dt.timedelta(days=120)


def give_a_past(*, now: dt.datetime) -> None:
    """As if what is reduced had cost more until last week. Says nothing of what has a past."""
    reduced = Price.objects.exclude(compare_at=None)
    steps = PriceHistory.objects.filter(variant__in=reduced.values("variant"))
    steps.filter(at__gt=now - REDUCED).update(at=now - REDUCED)
    PriceHistory.objects.bulk_create(
        PriceHistory(
            variant_id=price.variant_id,
            market_id=price.market_id,
            amount=price.compare_at,
            at=now - BEFORE,
        )
        for price in reduced.exclude(variant__price_history__at__lt=now - REDUCED)
        if price.compare_at is not None
    )
