"""Letters about what became of an order afterwards, and its link."""

from django.utils import translation
from django.utils.translation import gettext as _

from orders.emails import letter
from orders.models import Order, OrderEdit
from shop.outbox.mail import Letter
from shop.templatetags.shop_text import money


def changed_letter(edit: OrderEdit) -> Letter:
    """What is different now, and what it costs more or less."""
    order = edit.order
    with translation.override(order.language):
        rows = [_row(one) for one in edit.changes]
        cost = _cost(edit, order)
    extra = {"edit": edit, "rows_changed": rows, "cost": cost}
    return letter(order, "order_changed", key=f"order-{order.number}-edit-{edit.pk}", extra=extra)


def _row(one: dict[str, str]) -> str:
    figures = {"what": one.get("name", ""), "was": one.get("was", ""), "now": one.get("is", "")}
    if figures["was"] and figures["now"]:
        return _("%(what)s: %(was)s, now %(now)s") % figures
    if figures["now"]:
        return _("%(what)s: added, %(now)s") % figures
    return _("%(what)s: taken away, %(was)s") % figures


def _cost(edit: OrderEdit, order: Order) -> str:
    if not edit.difference:
        return _("The sum stays the same.")
    amount = money(abs(edit.difference), order.currency)
    if edit.difference < 0:
        return _("It costs %(amount)s less.") % {"amount": amount}
    words = _("It costs %(amount)s more.")
    if order.can_be_paid:
        words = _("It costs %(amount)s more. You pay it on the page of your order.")
    return words % {"amount": amount}


def link_letter(order: Order, *, key: str) -> Letter:
    """The key to an order's page, for whoever reads the order's mail."""
    return letter(order, "order_link", key=key)
