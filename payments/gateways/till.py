"""The till: a buyer at the counter pays a person, in cash or on a terminal of its own."""

import datetime as dt
from typing import ClassVar

from django.utils.translation import gettext as _

from payments.gateways.base import ByHand


class Till(ByHand):
    code: ClassVar[str] = "till"
    # Somebody who is still looking for the purse.
    patience: ClassVar[dt.timedelta] = dt.timedelta(hours=12)

    @property
    def name(self) -> str:
        return _("At the counter")

    @property
    def hint(self) -> str:
        return _("Paid in the shop.")
