"""What the buyer is told of a return: owed with the move, sent by a worker."""

import datetime as dt

from orders.models import Return
from shop.outbox import delivery as outbox
from shop.outbox.models import post


def owe(rma: Return, kind: str, now: dt.datetime) -> None:
    """The letter of this kind, once a return."""
    post(
        topic="mail.return",
        key=f"mail-{rma.number}-{kind}",
        payload={"rma_id": rma.pk, "kind": kind},
        now=now,
    )
    outbox.ring()
