"""A PaymentIntent, its charges and their refunds."""

from dataclasses import dataclass, field

from shop.standin.objects.wire import Json


@dataclass(slots=True)
class Intent:
    id: str
    created: int
    amount: int
    currency: str
    client_secret: str
    status: str = "requires_payment_method"
    capture_method: str = "automatic"
    amount_received: int = 0
    amount_capturable: int = 0
    payment_method: str = ""
    latest_charge: str = ""
    customer: str = ""
    description: str = ""
    receipt_email: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    last_payment_error: Json | None = None
    next_action: Json | None = None
    canceled_at: int = 0
    cancellation_reason: str = ""
    setup_future_usage: str = ""
    # Where the bank's page leads back to, and whether parts may be captured one by one.
    return_url: str = ""
    is_multicapture: bool = False

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "payment_intent",
            "amount": self.amount,
            "amount_capturable": self.amount_capturable,
            "amount_received": self.amount_received,
            "canceled_at": self.canceled_at or None,
            "cancellation_reason": self.cancellation_reason or None,
            "capture_method": self.capture_method,
            "client_secret": self.client_secret,
            "confirmation_method": "automatic",
            "created": self.created,
            "currency": self.currency,
            "customer": self.customer or None,
            "description": self.description or None,
            "last_payment_error": self.last_payment_error,
            "latest_charge": self.latest_charge or None,
            "livemode": False,
            "metadata": dict(self.metadata),
            "next_action": self.next_action,
            "payment_method": self.payment_method or None,
            "payment_method_options": self._options(),
            "payment_method_types": ["card"],
            "receipt_email": self.receipt_email or None,
            "setup_future_usage": self.setup_future_usage or None,
            "status": self.status,
        }

    def _options(self) -> Json:
        card: Json = {"request_three_d_secure": "automatic"}
        if self.is_multicapture:
            card["request_multicapture"] = "if_available"
        return {"card": card}


@dataclass(slots=True)
class Charge:
    """`amount` is what was authorised; what was taken of it is `amount_captured`."""

    id: str
    created: int
    payment_intent: str
    amount: int
    currency: str
    brand: str
    last4: str
    captured: bool = True
    amount_captured: int = -1
    amount_refunded: int = 0
    customer: str = ""
    payment_method: str = ""
    balance_transaction: str = ""
    status: str = "succeeded"
    failure_code: str = ""
    failure_message: str = ""
    is_disputed: bool = False
    capture_before: int = 0
    is_multicapture: bool = False
    card: Json = field(default_factory=dict)
    outcome: Json = field(default_factory=dict)
    billing_details: Json = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.amount_captured < 0:
            self.amount_captured = self.amount if self.captured else 0

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "charge",
            "amount": self.amount,
            "amount_captured": self.amount_captured,
            "amount_refunded": self.amount_refunded,
            "balance_transaction": self.balance_transaction or None,
            "billing_details": dict(self.billing_details),
            "captured": self.captured,
            "created": self.created,
            "currency": self.currency,
            "customer": self.customer or None,
            "disputed": self.is_disputed,
            "failure_code": self.failure_code or None,
            "failure_message": self.failure_message or None,
            "livemode": False,
            "metadata": dict(self.metadata),
            "outcome": dict(self.outcome) or None,
            "paid": self.status == "succeeded",
            "payment_intent": self.payment_intent,
            "payment_method": self.payment_method or None,
            "payment_method_details": {"card": self._card(), "type": "card"},
            "refunded": 0 < self.amount_captured <= self.amount_refunded,
            "status": self.status,
        }

    def _card(self) -> Json:
        status = "available" if self.is_multicapture else "unavailable"
        card = {"brand": self.brand, "last4": self.last4, **self.card}
        card["multicapture"] = {"status": status}
        if self.capture_before:
            card["capture_before"] = self.capture_before
        return card


@dataclass(slots=True)
class Refund:
    id: str
    created: int
    amount: int
    currency: str
    payment_intent: str
    charge: str
    reason: str = ""
    status: str = "succeeded"
    failure_reason: str = ""
    balance_transaction: str = ""
    failure_balance_transaction: str = ""
    metadata: dict[str, str] = field(default_factory=dict)

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "refund",
            "amount": self.amount,
            "balance_transaction": self.balance_transaction or None,
            "charge": self.charge,
            "created": self.created,
            "currency": self.currency,
            "metadata": dict(self.metadata),
            "payment_intent": self.payment_intent,
            "reason": self.reason or None,
            "status": self.status,
        } | self._failure()

    def _failure(self) -> Json:
        if not self.failure_reason:
            return {}
        return {
            "failure_balance_transaction": self.failure_balance_transaction or None,
            "failure_reason": self.failure_reason,
        }
