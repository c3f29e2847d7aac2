"""What was changed of an order after it was placed, as its page tells it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from orders.models import Order, OrderEdit
from orders.views.progress import moment
from shop.templatetags.shop_text import money

Cause = OrderEdit.Cause


@dataclass(frozen=True, slots=True)
class Changed:
    """One change. rows: (what, before, after); cost: what it did to the sum, or ""."""

    title: str
    reason: str
    rows: tuple[tuple[str, str, str], ...]
    cost: str


def changes_of(order: Order) -> list[Changed]:
    """The last change first. One query."""
    rows = order.edits.order_by("-made_at", "-pk")
    return [_changed(order, row) for row in rows]


def _changed(order: Order, row: OrderEdit) -> Changed:
    words = {
        Cause.STAFF: _("Changed by us, %(moment)s"),
        Cause.CUSTOMER: _("Changed by you, %(moment)s"),
        Cause.EXCHANGE: _("Exchanged, %(moment)s"),
        Cause.CLAIM: _("Replaced, %(moment)s"),
    }
    return Changed(
        title=words[Cause(row.cause)] % {"moment": moment(row.made_at)},
        reason=row.reason,
        rows=tuple(
            (str(one.get("name", "")), str(one.get("was", "")), str(one.get("is", "")))
            for one in row.changes
        ),
        cost=cost_text(row, order.currency),
    )


def cost_text(row: OrderEdit, currency: str) -> str:
    """ "£4.00 more", "£4.00 less", or nothing."""
    if not row.difference:
        return ""
    words = _("%(amount)s more") if row.difference > 0 else _("%(amount)s less")
    return words % {"amount": money(abs(row.difference), currency)}
