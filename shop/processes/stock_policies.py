"""Changing how a variant is stocked: what is promised, filled and shown follows."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from catalog.models import Variant
from inventory.models import StockPolicy
from inventory.services import policies
from shop.processes import browsing, filling


@transaction.atomic(durable=True)
def change(*, variant_id: int, values: Mapping[str, Any], now: dt.datetime) -> StockPolicy:
    """Raises policies.LimitTooLow. Whoever waits gets what may be sent from now on."""
    policy = policies.change(variant_id=variant_id, values=values, now=now)
    filling.fill(variant_ids=[variant_id], now=now)
    product_id = Variant.objects.values_list("product_id", flat=True).get(pk=variant_id)
    browsing.cards_are_stale(product_ids=[product_id], now=now)
    return policy
