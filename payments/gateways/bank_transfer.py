"""Payment by bank transfer: the shopper pays from their bank, staff see it on the statement."""

import datetime as dt
from typing import ClassVar

from django.utils.translation import gettext as _

from payments.gateways.base import Refunded, Standing, Started, State
from payments.models import Payment, Refund


class BankTransfer:
    code: ClassVar[str] = "bank_transfer"
    is_online: ClassVar[bool] = False
    patience: ClassVar[dt.timedelta] = dt.timedelta(days=7)

    @property
    def name(self) -> str:
        return _("Bank transfer")

    @property
    def hint(self) -> str:
        return _("We send the account details by mail and post your order when the money is in.")

    def start(self, payment: Payment, *, return_url: str, cancel_url: str) -> Started:  # noqa: ARG002
        return Started(url=return_url, reference=payment.idempotency_key)

    def standing(self, payment: Payment) -> Standing:
        return Standing(State.OPEN, payment.amount, payment.currency, payment.provider_ref)

    def close(self, payment: Payment) -> None:
        """Nobody to tell."""

    def refund(self, refund: Refund) -> Refunded:
        # Paid back by hand from the shop's bank; the reference is what staff write on it.
        return Refunded(is_done=True, reference=f"transfer-{refund.idempotency_key}")
