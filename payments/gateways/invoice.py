"""Invoice: approved customers get their goods first and transfer the money within their days."""

import datetime as dt
from typing import ClassVar

from django.utils.translation import gettext as _

from payments.gateways.base import ByHand


class Invoice(ByHand):
    code: ClassVar[str] = "invoice"
    sends_first: ClassVar[bool] = True
    # Of an order that is still being looked over; a confirmed one doesn't expire.
    patience: ClassVar[dt.timedelta] = dt.timedelta(days=7)

    @property
    def name(self) -> str:
        return _("Invoice")

    @property
    def hint(self) -> str:
        return _("We send your order now; you transfer the money within the days agreed.")
