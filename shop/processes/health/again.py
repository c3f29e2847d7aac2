"""Another go for what was given up."""

import datetime as dt

from django.db import transaction

from shop.outbox import delivery
from shop.processes.health.queues import given_up


@transaction.atomic(durable=True)
def again(*, message_id: int | None, now: dt.datetime) -> int:
    """Make one message due, or all that were given up; how many. What is done stays done."""
    rows = given_up()
    if message_id is not None:
        rows = rows.filter(pk=message_id)
    count = rows.order_by().update(due_at=now, failed_at=None, tries=0)
    delivery.ring()
    return count
