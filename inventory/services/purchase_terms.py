"""Terms of a purchase order: freight, duty, the day agreed on, a word to the supplier."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import PurchaseOrder
from inventory.services.purchases import Status, WrongState, locked_order


@dataclass(frozen=True, slots=True)
class Terms:
    """freight and duty: in the supplier's currency. expected_on: None, by the days it takes him."""

    freight: Decimal
    duty: Decimal
    share_by: str
    expected_on: dt.date | None = None
    note: str = ""


@transaction.atomic
def set_terms(*, order_id: int, terms: Terms) -> PurchaseOrder:
    """Freight and duty until something came, the rest while it is a draft. Raises WrongState."""
    order = locked_order(order_id)
    if not may_change(order):
        words = _("Goods of %(order)s have come at these costs; they stay.")
        raise WrongState(words % {"order": order.number})
    order.freight, order.duty, order.share_by = terms.freight, terms.duty, terms.share_by
    if order.status == Status.DRAFT:
        order.expected_on, order.note = terms.expected_on, terms.note
    order.save(update_fields=["freight", "duty", "share_by", "expected_on", "note"])
    return order


def may_change(order: PurchaseOrder) -> bool:
    """Whether freight and duty are still open."""
    return order.status in (Status.DRAFT, Status.ORDERED)
