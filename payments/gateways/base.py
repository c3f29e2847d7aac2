"""What the shop asks of a payment provider."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from payments.models import Capture, Payment, Refund


class GatewayUnreachable(Exception):
    """Raised when the provider gave no clear answer: the outcome is unknown, ask again later."""


class NotKnown(Exception):
    """Raised when the provider knows nothing by this reference."""


class Refusal(Exception):
    """Raised when the provider clearly said no. words: for people; error: the whole of it."""

    def __init__(self, words: str, error: Mapping[str, Any]) -> None:
        super().__init__(words)
        self.words, self.error = words, error


class State(StrEnum):
    OPEN = "open"
    # Held, and not (all) taken yet.
    AUTHORIZED = "authorized"
    CHARGED = "charged"
    CLOSED = "closed"


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    # The provider, or the person who pays by hand, will say later.
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Started:
    """Where to send the shopper, and what the provider calls this payment.

    problem: why it was refused at once, in plain words; nothing more comes of this attempt then.
    """

    url: str
    reference: str
    problem: str = ""
    # The provider's name of the try that was refused.
    declined_ref: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a provider says about a payment right now."""

    state: State
    # What was asked of the buyer in all.
    amount: Decimal
    currency: str
    reference: str
    message: str = ""
    # Taken so far; None says all of it, once it is charged.
    captured: Decimal | None = None
    # The provider's own payment behind the page.
    charge_ref: str = ""
    # As Payment.card and Payment.fingerprint keep them.
    card: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    # A card that was refused while the payment stays open: the provider's name of that try.
    declined_ref: str = ""

    @property
    def taken(self) -> Decimal:
        if self.captured is not None:
            return self.captured
        return self.amount if self.state == State.CHARGED else Decimal(0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered."""

    outcome: Outcome
    reference: str = ""
    message: str = ""

    @property
    def is_done(self) -> bool:
        return self.outcome == Outcome.DONE

    @property
    def is_pending(self) -> bool:
        return self.outcome == Outcome.PENDING


class Refunded(Answer):
    """A provider's answer to a refund. A pending one is told of later; a done one may still fail."""


class Captured(Answer):
    """A provider's answer to taking money that it holds."""


class Voided(Answer):
    """A provider's answer to letting held money go."""


class Gateway(Protocol):
    """One provider. Called outside transactions, always with an idempotency key of ours."""

    code: ClassVar[str]
    # Whether the shopper pays on the provider's page right after ordering.
    is_online: ClassVar[bool]
    # Whether goods leave before their money is in.
    sends_first: ClassVar[bool]
    # How long an order waits for its money.
    patience: ClassVar[dt.timedelta]

    @property
    def name(self) -> str: ...

    @property
    def hint(self) -> str: ...

    def start(self, payment: Payment, *, return_url: str, cancel_url: str) -> Started: ...

    def standing(self, payment: Payment) -> Standing: ...

    def capture(self, capture: Capture) -> Captured: ...

    def void(self, payment: Payment) -> Voided: ...

    def refund(self, refund: Refund) -> Refunded: ...

    def close(self, payment: Payment) -> None: ...


class ByHand:
    """A way to pay with nobody to ask: people see the money come, and send it back."""

    is_online: ClassVar[bool] = False
    sends_first: ClassVar[bool] = False

    def start(self, payment: Payment, *, return_url: str, cancel_url: str) -> Started:  # noqa: ARG002
        return Started(url=return_url, reference=payment.idempotency_key)

    def standing(self, payment: Payment) -> Standing:
        return Standing(State.OPEN, payment.amount, payment.currency, payment.provider_ref)

    def capture(self, capture: Capture) -> Captured:
        return Captured(Outcome.DONE, capture.idempotency_key)

    def void(self, payment: Payment) -> Voided:
        return Voided(Outcome.DONE, payment.idempotency_key)

    def refund(self, refund: Refund) -> Refunded:
        # It is pending until a person has sent it.
        return Refunded(Outcome.PENDING, refund.idempotency_key)

    def close(self, payment: Payment) -> None:
        """Nobody to tell."""


# What a provider tells of disputes and of the money it sends to the shop's bank


@dataclass(frozen=True, slots=True)
class DisputeStanding:
    """How a dispute stands. charge_ref names the payment, as Payment.charge_ref does."""

    reference: str
    charge_ref: str
    amount: Decimal
    currency: str
    fee: Decimal
    # In the provider's words: "fraudulent", "product_not_received".
    reason: str
    # A value of Dispute.Status.
    status: str
    due_at: dt.datetime | None
    opened_at: dt.datetime
    # False for an enquiry, which moves no money.
    took_money: bool


@dataclass(frozen=True, slots=True)
class Submitted:
    """A provider's answer to our side of a dispute. file_refs: by EvidenceFile key."""

    outcome: Outcome
    message: str = ""
    file_refs: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PayoutStanding:
    reference: str
    amount: Decimal
    currency: str
    # A value of Payout.Status.
    status: str
    created_at: dt.datetime
    arrives_on: dt.date


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One movement on the shop's balance at a provider. gross = net + fee."""

    reference: str
    # A value of PayoutLine.Kind.
    kind: str
    # The provider's name of what it is about: a charge, a refund, a dispute.
    about: str
    # The payment it belongs to, as Payment.charge_ref; empty when there is none.
    charge_ref: str
    # Our Refund.idempotency_key, where the provider was told; else empty.
    refund_key: str
    gross: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    happened_at: dt.datetime
    words: str
