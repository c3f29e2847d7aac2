"""Disputes: what a buyer's bank says, and what we answer."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from payments.gateways.base import DisputeStanding, Outcome, Refusal, Submitted
from payments.gateways.stripe.client import asking
from payments.gateways.stripe.reading import Json, id_of, moment, money, whole
from payments.models import Dispute, EvidenceFile

Status = Dispute.Status
STATUSES = {
    "warning_needs_response": Status.NEEDS_RESPONSE,
    "needs_response": Status.NEEDS_RESPONSE,
    "warning_under_review": Status.UNDER_REVIEW,
    "under_review": Status.UNDER_REVIEW,
    "won": Status.WON,
    "lost": Status.LOST,
    "warning_closed": Status.CLOSED,
    "prevented": Status.CLOSED,
}
# Where files go, in turn; Stripe takes one of each.
PLACES = (
    "uncategorized_file",
    "shipping_documentation",
    "customer_communication",
    "receipt",
    "service_documentation",
)


def dispute_standing(reference: str) -> DisputeStanding:
    """Ask Stripe how a dispute stands. Raises NotKnown, GatewayUnreachable."""
    with asking() as stripe:
        dispute = stripe.v1.disputes.retrieve(reference)
    return _read(dispute.to_dict())


def disputes_since(since: dt.datetime) -> list[DisputeStanding]:
    """All disputes opened since then. Raises GatewayUnreachable."""
    with asking() as stripe:
        page = stripe.v1.disputes.list({"created": {"gte": int(since.timestamp())}, "limit": 100})
        return [_read(one.to_dict()) for one in page.auto_paging_iter()]


def _read(dispute: Json) -> DisputeStanding:
    currency = str(dispute.get("currency") or "").upper()
    moves = dispute.get("balance_transactions") or []
    details = whole(dispute.get("evidence_details"))
    status = str(dispute.get("status") or "")
    return DisputeStanding(
        reference=str(dispute["id"]),
        charge_ref=id_of(dispute.get("payment_intent")),
        amount=money(dispute.get("amount"), currency),
        currency=currency,
        fee=sum((_fee(one) for one in moves), Decimal(0)),
        reason=str(dispute.get("reason") or ""),
        status=STATUSES.get(status, Status.NEEDS_RESPONSE).value,
        due_at=moment(details["due_by"]) if details.get("due_by") else None,
        opened_at=moment(dispute.get("created")),
        took_money=bool(moves) or not status.startswith(("warning_", "prevented")),
    )


def _fee(move: Any) -> Decimal:
    """What Stripe keeps for its trouble; given back with a dispute that was won, where it is."""
    found = whole(move)
    return money(found.get("fee"), str(found.get("currency") or "").upper())


def submit_evidence(dispute: Dispute, *, files: Sequence[EvidenceFile]) -> Submitted:
    """Hand in our side, once. Raises GatewayUnreachable; asking again repeats the same answer.

    Other words, or other files, after a refusal are another question.
    """
    try:
        refs = {one.pk: one.provider_ref or _upload(one) for one in files[: len(PLACES)]}
        files_by_place = dict(zip(PLACES, refs.values(), strict=False))
        evidence = {"uncategorized_text": dispute.statement, **files_by_place}
        with asking() as stripe:
            stripe.v1.disputes.update(
                dispute.provider_ref,
                {  # type: ignore[arg-type]
                    "evidence": evidence,
                    "submit": True,
                },
                {"idempotency_key": f"dispute-{dispute.pk}-evidence-{_mark(evidence)}"},
            )
    except Refusal as refusal:
        return Submitted(Outcome.REFUSED, refusal.words)
    return Submitted(Outcome.DONE, file_refs=refs)


def _mark(evidence: dict[str, str]) -> str:
    said = "\n".join(f"{place}={value}" for place, value in sorted(evidence.items()))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _upload(evidence: EvidenceFile) -> str:
    with asking() as stripe, evidence.file.open("rb") as content:
        answer = stripe.v1.files.create(
            {
                "purpose": "dispute_evidence",
                "file": (evidence.name, content, evidence.content_type),
            },
            {"idempotency_key": f"evidence-{evidence.pk}"},
        )
    return answer.id
