"""On time: what begins or ends by the clock shows in the very next page, not once a worker is there.

The pages know the next moment at which the clock changes something (`moments.announce`).
Whoever asks first after it does for a few goods what the moment wants, and announces the next one.
What concerns many is a worker's, who was told beforehand (`pricing.sale_saved`).
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from catalog.models import Price, Sale
from catalog.queries.sale_rows import covered
from shop.processes import browsing, moments, pricing

# Longer ago than this the clock's own round has been there.
LATELY = dt.timedelta(minutes=10)


def catch_up(*, now: dt.datetime) -> None:
    """Do what the moments of the last minutes ask for, where few goods are concerned."""
    ids = _touched(now)
    if 0 < len(ids) <= pricing.AT_ONCE:
        pricing.apply(product_ids=ids, now=now)
    with transaction.atomic():
        browsing.follow_schedule(now=now)
    moments.tell_next(now=now)


def _touched(now: dt.datetime) -> set[int]:
    """Products of sales that began or ended lately; no more of them than tell that they are many."""
    lately = (now - LATELY, now)
    moved = Sale.objects.filter(
        Q(starts_at__range=lately) | Q(ends_at__range=lately), is_active=True, applied_at=None
    )
    ids = set[int]()
    for sale in moved:
        prices = covered(sale) | Price.objects.filter(sale=sale)
        products = prices.values_list("variant__product", flat=True).distinct()
        ids.update(products[: pricing.AT_ONCE + 1])
    return ids
