"""The things Stripe knows, as far as the shop meets them. Amounts are in the minor unit."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Session:
    id: str
    created: int
    expires_at: int
    currency: str
    amount_subtotal: int
    amount_shipping: int
    success_url: str
    url: str
    cancel_url: str = ""
    shipping_label: str = ""
    client_reference_id: str = ""
    customer: str = ""
    customer_email: str = ""
    locale: str = ""
    lines: list[Json] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    intent_data: Json = field(default_factory=dict)
    status: str = "open"
    payment_status: str = "unpaid"
    payment_intent: str = ""
    payer: str = ""
    # What the shopper chose before the bank asked who they are: the card's token and the fault.
    waiting: dict[str, str] = field(default_factory=dict)

    @property
    def amount_total(self) -> int:
        return self.amount_subtotal + self.amount_shipping

    def return_address(self) -> str:
        return self.success_url.replace("{CHECKOUT_SESSION_ID}", self.id)

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "checkout.session",
            "amount_subtotal": self.amount_subtotal,
            "amount_total": self.amount_total,
            "cancel_url": self.cancel_url or None,
            "client_reference_id": self.client_reference_id or None,
            "created": self.created,
            "currency": self.currency,
            "customer": self.customer or None,
            "customer_details": self._customer_details(),
            "customer_email": self.customer_email or None,
            "expires_at": self.expires_at,
            "livemode": False,
            "locale": self.locale or None,
            "metadata": dict(self.metadata),
            "mode": "payment",
            "payment_intent": self.payment_intent or None,
            "payment_method_types": ["card"],
            "payment_status": self.payment_status,
            "shipping_cost": self._shipping_cost(),
            "status": self.status,
            "success_url": self.success_url,
            "total_details": {
                "amount_discount": 0,
                "amount_shipping": self.amount_shipping,
                "amount_tax": 0,
            },
            "ui_mode": "hosted_page",
            "url": self.url if self.status == "open" else None,
        }

    def _customer_details(self) -> Json | None:
        if not (self.payer or self.customer_email):
            return None
        return {"email": self.customer_email or None, "name": self.payer or None}

    def _shipping_cost(self) -> Json | None:
        if not self.shipping_label:
            return None
        amount = self.amount_shipping
        return {"amount_subtotal": amount, "amount_tax": 0, "amount_total": amount}


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

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "payment_intent",
            "amount": self.amount,
            "amount_capturable": self.amount_capturable,
            "amount_received": self.amount_received,
            "capture_method": self.capture_method,
            "client_secret": self.client_secret,
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
            "payment_method_types": ["card"],
            "receipt_email": self.receipt_email or None,
            "status": self.status,
        }


@dataclass(slots=True)
class Charge:
    id: str
    created: int
    payment_intent: str
    amount: int
    currency: str
    brand: str
    last4: str
    captured: bool = True
    amount_refunded: int = 0
    metadata: dict[str, str] = field(default_factory=dict)

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "charge",
            "amount": self.amount,
            "amount_captured": self.amount if self.captured else 0,
            "amount_refunded": self.amount_refunded,
            "captured": self.captured,
            "created": self.created,
            "currency": self.currency,
            "livemode": False,
            "metadata": dict(self.metadata),
            "paid": True,
            "payment_intent": self.payment_intent,
            "payment_method_details": {
                "card": {"brand": self.brand, "last4": self.last4},
                "type": "card",
            },
            "refunded": self.amount_refunded >= self.amount,
            "status": "succeeded",
        }


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
    metadata: dict[str, str] = field(default_factory=dict)

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "refund",
            "amount": self.amount,
            "charge": self.charge,
            "created": self.created,
            "currency": self.currency,
            "metadata": dict(self.metadata),
            "payment_intent": self.payment_intent,
            "reason": self.reason or None,
            "status": self.status,
        }


@dataclass(slots=True)
class Customer:
    id: str
    created: int
    email: str = ""
    name: str = ""
    metadata: dict[str, str] = field(default_factory=dict)

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "customer",
            "created": self.created,
            "email": self.email or None,
            "livemode": False,
            "metadata": dict(self.metadata),
            "name": self.name or None,
        }


@dataclass(slots=True)
class Event:
    id: str
    created: int
    type: str
    api_version: str
    snapshot: Json = field(default_factory=dict)
    # What a tester wrote over it.
    by_hand: Json = field(default_factory=dict)

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "event",
            "api_version": self.api_version,
            "created": self.created,
            "data": {"object": self.snapshot},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": self.type,
        } | self.by_hand


@dataclass(slots=True)
class Delivery:
    """One copy of an event on its way to the shop. Times are real seconds since 1970."""

    id: str
    event: str
    due: float
    give_up_at: float
    attempt: int = 0


@dataclass(slots=True)
class Replay:
    """The first answer under an idempotency key, given again to whoever repeats the call."""

    id: str
    created: int
    fingerprint: str
    status: int
    body: Json = field(default_factory=dict)


Resource = Session | Intent | Charge | Refund | Customer | Event
Row = Resource | Delivery | Replay
