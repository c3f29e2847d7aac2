"""Following: refunds and disputes are looked at until they have ended.

All of it talks to the provider, outside transactions; what it says is written by the process it
belongs to.
"""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.db.models import Min

from payments.gateways import gateway
from payments.gateways.base import GatewayUnreachable, NotKnown
from payments.gateways.stripe import disputes_since, submit_evidence
from payments.models import Dispute, EvidenceFile, Refund
from payments.services import refunds
from shop.processes import disputing, refunding

# A task had its chance by then.
OVERDUE = dt.timedelta(minutes=10)
# Cases are looked for so far back, and as far as the oldest that is open.
LOOK_BACK = dt.timedelta(days=7)


def look_at_refunds(*, now: Callable[[], dt.datetime], limit: int = 50) -> int:
    """Ask what became of refunds that a provider is at, or was never asked for.

    Returns how many got an answer; what gets none is asked again at the next round.
    """
    waiting = Refund.objects.filter(
        status=Refund.Status.PENDING, requested_at__lte=now() - OVERDUE
    ).exclude(refunds.sent_by_hand())
    rows = waiting.select_related("payment__order").order_by("requested_at", "pk")[:limit]
    return sum(_look(one, now()) for one in rows)


def _look(refund: Refund, now: dt.datetime) -> bool:
    try:
        answer = gateway(refund.payment.provider).refund(refund)
    except (GatewayUnreachable, NotKnown):
        return False
    refunding.refund_answered(refund_id=refund.pk, answer=answer, now=now)
    return True


def look_at_disputes(*, now: Callable[[], dt.datetime]) -> int:
    """See every case of late, should nobody have told. Returns how many are ours.

    Raises GatewayUnreachable.
    """
    if not settings.STRIPE_SECRET_KEY:
        return 0
    moment = now()
    open_cases = Dispute.objects.filter(closed_at=None)
    oldest = open_cases.aggregate(oldest=Min("opened_at"))["oldest"] or moment
    since = min(oldest, moment - LOOK_BACK)
    return sum(disputing.seen(standing=one, now=now()) for one in disputes_since(since))


def answer_dispute(*, dispute_id: int, now: Callable[[], dt.datetime]) -> None:
    """Hand our side of a case to the provider. Raises GatewayUnreachable."""
    dispute = Dispute.objects.get(pk=dispute_id)
    if dispute.submitted_at is None or dispute.status != Dispute.Status.NEEDS_RESPONSE:
        return
    files = list(EvidenceFile.objects.filter(dispute=dispute).order_by("pk"))
    answer = submit_evidence(dispute, files=files)
    disputing.submitted(dispute_id=dispute.pk, answer=answer, now=now())
