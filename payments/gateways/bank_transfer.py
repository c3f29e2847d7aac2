"""Payment by bank transfer: the shopper pays from their bank, staff see it on the statement."""

import datetime as dt
from typing import ClassVar

from django.utils.translation import gettext as _

from payments.gateways.base import ByHand


class BankTransfer(ByHand):
    code: ClassVar[str] = "bank_transfer"
    patience: ClassVar[dt.timedelta] = dt.timedelta(days=7)

    @property
    def name(self) -> str:
        return _("Bank transfer")

    @property
    def hint(self) -> str:
        return _("We send the account details by mail and post your order when the money is in.")
