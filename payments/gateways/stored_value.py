"""Gift cards and store credit where a payment's provider is looked up. No one is asked:
money moves on our own ledger (payments.services.stored_value), in our own transaction."""

import datetime as dt
from typing import ClassVar

from django.utils.translation import gettext as _

from payments.gateways.base import ByHand, Outcome, Refunded, Started
from payments.models import Payment, Refund, ValueAccount


class StoredValue(ByHand):
    """An order that it pays in full is paid at once; it is never chosen from a list."""

    code: ClassVar[str] = ""
    patience: ClassVar[dt.timedelta] = dt.timedelta(hours=1)

    @property
    def hint(self) -> str:
        return _("Paid from a balance with this shop.")

    def start(self, payment: Payment, *, return_url: str, cancel_url: str) -> Started:  # noqa: ARG002
        return Started(url=return_url, reference=payment.provider_ref)

    def refund(self, refund: Refund) -> Refunded:  # noqa: ARG002
        # Refunds to a balance are settled where they are asked for; one that comes here is not.
        return Refunded(Outcome.REFUSED, message=_("Not put back on the balance."))


class GiftCard(StoredValue):
    code: ClassVar[str] = ValueAccount.Kind.GIFT_CARD.value

    @property
    def name(self) -> str:
        return _("Gift card")


class StoreCredit(StoredValue):
    code: ClassVar[str] = ValueAccount.Kind.STORE_CREDIT.value

    @property
    def name(self) -> str:
        return _("Store credit")


CODES = (GiftCard.code, StoreCredit.code)
