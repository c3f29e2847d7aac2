"""Cash on delivery: the carrier takes the money at the door, and passes it on."""

import datetime as dt
from typing import ClassVar

from django.utils.translation import gettext as _

from payments.gateways.base import ByHand


class CashOnDelivery(ByHand):
    code: ClassVar[str] = "cash_on_delivery"
    sends_first: ClassVar[bool] = True
    # Of an order that is still being looked over; a confirmed one doesn't expire.
    patience: ClassVar[dt.timedelta] = dt.timedelta(days=7)

    @property
    def name(self) -> str:
        return _("Cash on delivery")

    @property
    def hint(self) -> str:
        return _("You pay the courier when the parcel is handed over.")
