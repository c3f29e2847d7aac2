"""A Checkout Session: what the hosted page is for."""

from dataclasses import dataclass, field

from shop.standin.objects.wire import Json


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
    # Whether the page offers to keep the card for its customer.
    offers_saving: bool = False
    # What the shopper chose before the bank asked who they are: the card, saving it, the fault.
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
            "saved_payment_method_options": self._saving(),
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

    def _saving(self) -> Json | None:
        if not self.customer:
            return None
        return {
            "allow_redisplay_filters": ["always"],
            "payment_method_remove": None,
            "payment_method_save": "enabled" if self.offers_saving else None,
        }

    def _shipping_cost(self) -> Json | None:
        if not self.shipping_label:
            return None
        amount = self.amount_shipping
        return {"amount_subtotal": amount, "amount_tax": 0, "amount_total": amount}
