"""What becomes of customers, for systems outside."""

import datetime as dt
import hashlib
from collections.abc import Collection

from shop.outbox.happenings import happened

CREATED, CHANGED, ERASED = "customer.created", "customer.changed", "customer.erased"


def of_customers(*, topic: str, customer_ids: Collection[int], now: dt.datetime) -> None:
    """Customers were made, changed, or forgotten: told in the transaction that did it."""
    ids = sorted(set(customer_ids))
    if ids:
        digest = hashlib.sha256(repr(ids).encode()).hexdigest()[:16]
        key = f"{topic}-{now.timestamp():.6f}-{digest}"
        happened(topic=topic, key=key, facts={"customer_ids": ids}, now=now)
