"""Receiving: goods come onto the shelf and into the books, and go to whoever waits for them."""

import datetime as dt
from dataclasses import replace

from django.db import transaction

from accounts.models import User
from inventory.services import receipts
from inventory.services.receipts import Delivery, Received
from payments.services.books import goods
from shop.processes import browsing, filling


@transaction.atomic(durable=True)
def receive(*, order_id: int, delivery: Delivery, now: dt.datetime, actor: User | None) -> Received:
    """Take a delivery in, once per key. Raises what receipts.receive raises; then nothing moved."""
    received = receipts.receive(order_id=order_id, delivery=delivery, now=now, actor=actor)
    if not received.is_new:
        return received
    goods.post_movements(movements=received.movements)
    browsing.stock_came_back(variant_ids=received.variant_ids, now=now)
    filled = filling.fill(variant_ids=received.variant_ids, now=now)
    # What was refused does not come any more.
    filling.redate(variant_ids=received.refused_ids, now=now)
    return replace(received, filled=filled)
