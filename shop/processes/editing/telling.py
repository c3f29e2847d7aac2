"""Telling the buyer what became of an order, with a link where something is to be paid."""

import datetime as dt

from orders.models import OrderEdit
from shop.outbox import delivery as outbox
from shop.outbox.models import post


def tell(*, edit: OrderEdit, now: dt.datetime) -> None:
    """Owe the letter about a change, once."""
    payload = {"edit_id": edit.pk}
    post(topic="mail.order_changed", key=f"mail-edit-{edit.pk}", payload=payload, now=now)
    outbox.ring()
