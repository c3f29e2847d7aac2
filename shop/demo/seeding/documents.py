"""Invoices of the newest orders; older ones are from before the shop wrote any."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from orders.models import Order
from payments.models import Document, Series
from payments.services import documents
from shop.outbox.models import Message

NEWEST = 40


def fill(*, now: dt.datetime, say: Callable[[str], None]) -> None:
    """Issue them in the order they were confirmed. A worker prints them; nobody is mailed."""
    if Document.objects.exists():
        return
    confirmed = Order.objects.filter(confirmed_at__lte=now)
    newest = confirmed.order_by("-confirmed_at").values_list("confirmed_at", flat=True)[:NEWEST]
    if not newest:
        return
    rows = confirmed.filter(confirmed_at__gte=newest[len(newest) - 1])
    with transaction.atomic():
        for order in rows.order_by("confirmed_at", "pk"):
            moment = order.confirmed_at or now
            documents.happened(order=order, when=Series.When.CONFIRMED, now=moment)
        owed = Message.objects.filter(topic="documents.make", done_at=None)
        for message in owed:
            message.payload["is_mailed"] = False
            message.created_at = message.due_at = now
        Message.objects.bulk_update(owed, ["payload", "created_at", "due_at"])
    say(f"{Document.objects.count():,} invoices and credit notes")
