"""What becomes of products, for systems outside."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from shop.lib.batches import in_batches
from shop.outbox.happenings import happened

BATCH = 200


def changed(*, product_ids: Sequence[int], now: dt.datetime) -> None:
    """Products were made or changed; whoever tells it finds out which, and what is no news."""
    _tell("product.changed", product_ids, now)


def deleted(*, product_ids: Sequence[int], now: dt.datetime) -> None:
    _tell("product.deleted", product_ids, now)


def _tell(topic: str, product_ids: Sequence[int], now: dt.datetime) -> None:
    for batch in in_batches(sorted(set(product_ids)), BATCH):
        digest = hashlib.sha256(repr(batch).encode()).hexdigest()[:16]
        key = f"{topic}-{now.timestamp():.6f}-{digest}"
        happened(topic=topic, key=key, facts={"product_ids": list(batch)}, now=now)
