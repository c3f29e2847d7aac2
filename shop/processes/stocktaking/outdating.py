"""Outdating: what is past its date is taken off sale at night, and whoever was promised it is told."""

import datetime as dt

from django.db import transaction

from inventory.services import batches
from shop.processes.stocktaking import aftermath


def expire(*, now: dt.datetime) -> int:
    """Set apart what expired, a variant at a time. Returns how many batches did."""
    return sum(_expire(variant_id, now) for variant_id in batches.past(now=now))


@transaction.atomic(durable=True)
def _expire(variant_id: int, now: dt.datetime) -> int:
    gone = batches.expire(now=now, variant_ids=[variant_id])
    aftermath.settle(gone, now=now)
    return len(gone)
