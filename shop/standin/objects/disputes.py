"""Disputes, and the files that answer them."""

from dataclasses import dataclass, field

from shop.standin.objects.wire import Json


@dataclass(slots=True)
class Dispute:
    id: str
    created: int
    amount: int
    currency: str
    charge: str
    payment_intent: str
    reason: str
    status: str
    due_by: int
    brand: str = "visa"
    is_inquiry: bool = False
    submissions: int = 0
    evidence: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    # The movements it caused, whole, as Stripe shows them.
    balance_transactions: list[Json] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.status not in {"won", "lost", "warning_closed"}

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "dispute",
            "amount": self.amount,
            "balance_transactions": [dict(one) for one in self.balance_transactions],
            "charge": self.charge,
            "created": self.created,
            "currency": self.currency,
            "evidence": dict(self.evidence),
            "evidence_details": {
                "due_by": self.due_by,
                "has_evidence": bool(self.evidence),
                "past_due": False,
                "submission_count": self.submissions,
            },
            "is_charge_refundable": self.is_inquiry and self.is_open,
            "livemode": False,
            "metadata": dict(self.metadata),
            "network_reason_code": "10.4" if self.reason == "fraudulent" else "13.1",
            "payment_intent": self.payment_intent,
            "payment_method_details": {
                "card": {
                    "brand": self.brand,
                    "case_type": "inquiry" if self.is_inquiry else "chargeback",
                    "network_reason_code": None,
                },
                "type": "card",
            },
            "reason": self.reason,
            "status": self.status,
        }


@dataclass(slots=True)
class Upload:
    """A file somebody sent. Its content is not kept, only what it was."""

    id: str
    created: int
    filename: str
    purpose: str
    size: int
    kind: str

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "file",
            "created": self.created,
            "expires_at": None,
            "filename": self.filename,
            "links": {
                "object": "list",
                "data": [],
                "has_more": False,
                "url": f"/v1/file_links?file={self.id}",
            },
            "purpose": self.purpose,
            "size": self.size,
            "title": None,
            "type": self.kind,
            "url": f"https://files.stripe.com/v1/files/{self.id}/contents",
        }
