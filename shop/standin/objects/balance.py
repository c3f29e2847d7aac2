"""The account's balance: each movement of money, and the payouts to the bank."""

from dataclasses import dataclass, field

from shop.standin.objects.wire import Json


@dataclass(slots=True)
class Movement:
    """A balance transaction. `payout` is the one that carried it to the bank."""

    id: str
    created: int
    available_on: int
    type: str
    reporting_category: str
    amount: int
    fee: int
    currency: str
    source: str
    description: str = ""
    fee_description: str = "Stripe processing fees"
    payout: str = ""
    status: str = "pending"

    @property
    def net(self) -> int:
        return self.amount - self.fee

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "balance_transaction",
            "amount": self.amount,
            "available_on": self.available_on,
            "balance_type": "payments",
            "created": self.created,
            "currency": self.currency,
            "description": self.description or None,
            "exchange_rate": None,
            "fee": self.fee,
            "fee_details": self._fees(),
            "net": self.net,
            "reporting_category": self.reporting_category,
            "source": self.source,
            "status": self.status,
            "type": self.type,
        }

    def _fees(self) -> list[Json]:
        if not self.fee:
            return []
        return [
            {
                "amount": self.fee,
                "application": None,
                "currency": self.currency,
                "description": self.fee_description,
                "type": "stripe_fee",
            }
        ]


@dataclass(slots=True)
class Payout:
    id: str
    created: int
    arrival_date: int
    amount: int
    currency: str
    status: str = "pending"
    automatic: bool = True
    balance_transaction: str = ""
    failure_balance_transaction: str = ""
    failure_code: str = ""
    failure_message: str = ""
    metadata: dict[str, str] = field(default_factory=dict)

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "payout",
            "amount": self.amount,
            "arrival_date": self.arrival_date,
            "automatic": self.automatic,
            "balance_transaction": self.balance_transaction or None,
            "created": self.created,
            "currency": self.currency,
            "description": "STRIPE PAYOUT",
            "destination": "ba_standin",
            "failure_balance_transaction": self.failure_balance_transaction or None,
            "failure_code": self.failure_code or None,
            "failure_message": self.failure_message or None,
            "livemode": False,
            "metadata": dict(self.metadata),
            "method": "standard",
            "reconciliation_status": "completed" if self.automatic else "not_applicable",
            "source_type": "card",
            "statement_descriptor": None,
            "status": self.status,
            "type": "bank_account",
        }
