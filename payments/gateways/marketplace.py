"""A marketplace: it took the buyer's money and settles with the shop by its own statement."""

import datetime as dt
from typing import ClassVar

from django.utils.translation import gettext as _

from payments.gateways.base import ByHand


class Marketplace(ByHand):
    code: ClassVar[str] = "marketplace"
    patience: ClassVar[dt.timedelta] = dt.timedelta(days=7)

    @property
    def name(self) -> str:
        return _("Marketplace")

    @property
    def hint(self) -> str:
        return _("Paid where it was bought.")
