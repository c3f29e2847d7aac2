"""A change in words, as the order's log and its buyer read it."""

from decimal import Decimal

from django.utils.translation import gettext as _

from orders.models import Order, OrderLine
from orders.services.additions import Added
from orders.services.orders import Move, event
from shop.lib.money import round_money
from shop.processes.editing.terms import Change
from shop.templatetags.shop_text import money

AXIS = "edit"
LINE, ADDRESS, DELIVERY = "line", "address", "delivery"


def named(line: OrderLine) -> str:
    """ "Foot-ring mug, Ash (MUG-1)"."""
    name = ", ".join(filter(None, (line.title, line.variant_label)))
    return f"{name} ({line.sku})" if line.sku else name


def named_new(added: Added) -> str:
    if added.variant is None:
        return added.name
    name = ", ".join(filter(None, (added.name, added.variant.label)))
    return f"{name} ({added.variant.sku})"


def units_of(line: OrderLine) -> int:
    """Units that the order has of a line, those that left among them."""
    return line.quantity - line.canceled


def paid_per_unit(line: OrderLine, currency: str) -> Decimal:
    """What one costs after discounts, as its market shows prices."""
    return round_money((line.unit_price * line.quantity - line.discount) / line.quantity, currency)


def of_line(line: OrderLine, currency: str, *, units: int, price: Decimal) -> Change:
    was = amount(units_of(line), paid_per_unit(line, currency), currency)
    return change(LINE, named(line), was, amount(units, price, currency) if units else "")


def of_added(added: Added, currency: str) -> Change:
    return change(LINE, named_new(added), "", amount(added.quantity, added.unit_price, currency))


def amount(units: int, price: Decimal, currency: str) -> str:
    return f"{units} × {money(price, currency)}"


def change(what: str, name: str, was: str, becomes: str) -> Change:
    return {"what": what, "name": str(name), "was": was, "is": becomes}


def told(one: Change) -> str:
    """One change as a sentence of the log."""
    if not one["was"]:
        return _("%(name)s: added, %(is)s.") % one
    if not one["is"]:
        return _("%(name)s: taken off, was %(was)s.") % one
    return _("%(name)s: %(was)s > %(is)s.") % one


def log(order: Order, changes: list[Change], move: Move) -> None:
    """Write every change into the order's history, with the reason."""
    for one in changes:
        text = f"{told(one)} {move.note}".strip()
        event(order, axis=AXIS, to_state="changed", move=Move(move.now, move.actor, text[:500]))
