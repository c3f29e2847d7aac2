"""What claims are about to say no to, and what their senders are told."""

import datetime as dt

from orders.models import Claim
from shop.lib.errors import Refused
from shop.outbox import delivery as outbox
from shop.outbox.models import post

# Answered within two days; the carrier is asked within that time.
ANSWERED_WITHIN = dt.timedelta(days=2)


class CannotClaim(Refused):
    """Raised when there is nothing to claim, or not like this, or not any more."""


def owe(claim: Claim, kind: str, now: dt.datetime) -> None:
    post(
        topic="mail.claim",
        key=f"mail-{claim.number}-{kind}-{claim.status}",
        payload={"claim_id": claim.pk, "kind": kind, "tell": claim.status},
        now=now,
    )
    outbox.ring()
