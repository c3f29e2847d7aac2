"""What the shop asks of a payment provider."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol

from payments.models import Payment, Refund


class GatewayUnreachable(Exception):
    """Raised when the provider gave no clear answer: the outcome is unknown, ask again later."""


class State(StrEnum):
    OPEN = "open"
    CHARGED = "charged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Started:
    """Where to send the shopper, and what the provider calls this payment."""

    url: str
    reference: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a provider says about a payment right now."""

    state: State
    amount: Decimal
    currency: str
    reference: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Refunded:
    """A provider's answer to a refund."""

    is_done: bool
    reference: str
    message: str = ""


class Gateway(Protocol):
    """One provider. Called outside transactions, always with an idempotency key of ours."""

    code: ClassVar[str]
    # Whether the shopper pays on the provider's page right after ordering.
    is_online: ClassVar[bool]
    # How long an order waits for its money.
    patience: ClassVar[dt.timedelta]

    @property
    def name(self) -> str: ...

    @property
    def hint(self) -> str: ...

    def start(self, payment: Payment, *, return_url: str, cancel_url: str) -> Started: ...

    def standing(self, payment: Payment) -> Standing: ...

    def close(self, payment: Payment) -> None: ...

    def refund(self, refund: Refund) -> Refunded: ...
