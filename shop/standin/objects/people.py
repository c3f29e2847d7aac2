"""Customers and the cards they keep."""

from dataclasses import dataclass, field

from shop.standin.objects.wire import Json


@dataclass(slots=True)
class Customer:
    id: str
    created: int
    email: str = ""
    name: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    is_deleted: bool = False

    def public(self) -> Json:
        if self.is_deleted:
            return {"id": self.id, "object": "customer", "deleted": True}
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
class Method:
    """A PaymentMethod: one use of a card, or a card kept by a customer."""

    id: str
    created: int
    # The test card behind it.
    token: str
    card: Json
    customer: str = ""
    type: str = "card"
    allow_redisplay: str = "unspecified"
    billing_details: Json = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    # One that was never kept, or was let go, pays once only.
    is_spent: bool = False

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "payment_method",
            "allow_redisplay": self.allow_redisplay,
            "billing_details": dict(self.billing_details),
            "card": dict(self.card),
            "created": self.created,
            "customer": self.customer or None,
            "livemode": False,
            "metadata": dict(self.metadata),
            "type": self.type,
        }
