"""How a variant is stocked."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import StockPolicy
from inventory.services import batches, stock
from shop.lib.errors import Refused
from shop.lib.locks import locked


class LimitTooLow(Refused):
    """More than that is promised already; `waiting` units."""

    def __init__(self, waiting: int) -> None:
        super().__init__(
            _("%(count)s units are promised already; the limit can't be below that.")
            % {"count": waiting}
        )
        self.waiting = waiting


@transaction.atomic
def change(*, variant_id: int, values: Mapping[str, Any], now: dt.datetime) -> StockPolicy:
    """Set some fields of a variant's policy; the others stay. Raises LimitTooLow.

    What lies there is put into batches, or taken out of them, when that changes.
    """
    stock.hold(variant_ids=[variant_id])
    StockPolicy.objects.get_or_create(variant_id=variant_id)
    (policy,) = locked(StockPolicy.objects.filter(variant_id=variant_id))
    tracked = policy.tracks_batches
    for name, value in values.items():
        setattr(policy, name, value)
    if policy.limit < policy.waiting:
        raise LimitTooLow(policy.waiting)
    # Never the whole row: what waits is counted by others.
    policy.save(update_fields=list(values))
    if policy.tracks_batches != tracked:
        batches.settle(variant_ids=[variant_id], now=now)
    return policy
