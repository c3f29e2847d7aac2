"""What buyers may do themselves until picking starts: call off, correct the address, order again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.queries import availability
from orders.models import Cart, Order, OrderEdit, OrderLine
from orders.services import carts, orders
from orders.services.orders import Move
from shipping.queries import has_started
from shop.lib.errors import Refused
from shop.processes import editing, fulfilment
from shop.processes.editing import Amendment, NewAddress, moving_house
from shop.processes.editing.words import paid_per_unit
from shop.templatetags.shop_text import money

OPEN = (Order.Status.PENDING, Order.Status.CONFIRMED)


class TooLate(Refused):
    """Raised when an order is beyond what its buyer may change."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Why the buyer may not; empty where he may."""

    cancel: str
    address: str


@dataclass(frozen=True, slots=True)
class Reordered:
    """What came into the cart again. changed: what is other than it was, in words; missing: names."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def may_change(
    order: Order, lines: Sequence[OrderLine] | None = None, *, has_begun: bool | None = None
) -> Allowed:
    """What an order's page offers.

    lines: all of the order's, has_begun: whether the house has with it, for whoever has read that.
    """
    late = _late(order, has_begun=has_begun)
    cancel = late
    if not late and not order.can_cancel:
        cancel = _("A part of this order is yours already.")
    if not late and not any(line.is_shipped for line in lines or order.lines.all()):
        late = _("Nothing of this order is sent.")
    return Allowed(cancel, late)


def _late(order: Order, *, has_begun: bool | None) -> str:
    if order.status not in OPEN:
        return _("This order is closed.")
    if has_started(order) if has_begun is None else has_begun:
        return _("We have begun to pack it.")
    return ""


@transaction.atomic(durable=True)
def cancel(*, order_id: int, reason: str, now: dt.datetime) -> Order:
    """Call an order off for its buyer: goods go back on sale, money goes back. Raises TooLate."""
    order = orders.lock(order_id=order_id)
    if order.status == Order.Status.CANCELED:
        return order
    if why := may_change(order).cancel:
        raise TooLate(why)
    words = reason.strip() or _("No reason given.")
    note = _("Cancelled by the customer: %(reason)s") % {"reason": words}
    fulfilment.call_off(order=order, move=Move(now, None, note[:200]))
    return order


@transaction.atomic(durable=True)
def readdress(*, order_id: int, address: NewAddress, now: dt.datetime) -> Order:
    """Send it elsewhere in the same country, at the same price. Raises TooLate, CannotChange."""
    order = orders.lock(order_id=order_id)
    if moving_house.is_same(order, address):
        return order
    if why := may_change(order).address or _cannot_go(order, address, now):
        raise TooLate(why)
    edit = editing.apply(
        order=order,
        asked=Amendment(address=address, reason=_("Corrected by the customer.")),
        cause=OrderEdit.Cause.CUSTOMER,
        key=f"address-{order.pk}-{editing.version(order)}",
        move=Move(now, None, _("Corrected by the customer.")),
    )
    editing.tell(edit=edit, now=now)
    return order


def _cannot_go(order: Order, to: NewAddress, now: dt.datetime) -> str:
    if to.country != order.country:
        return _("It can only be sent elsewhere in the same country.")
    before = _price(order, order.postcode, now)
    if not order.pickup and before is not None and _price(order, to.postcode, now) != before:
        return _("Delivery costs something else there. Please write to us.")
    return ""


def _price(order: Order, postcode: str, now: dt.datetime) -> object:
    """What the order's way of delivery costs to a postcode; None where it does not go."""
    offers = editing.offers(order, country=order.country, postcode=postcode, now=now)
    found = [one.price for one in offers if one.code == order.shipping_method]
    return found[0] if found else None


def reorder(*, order: Order, cart: Cart, now: dt.datetime) -> Reordered:
    """Put all that can still be had of an order into a cart, and say what is other than it was."""
    found = Reordered()
    rows = order.lines.filter(is_gift=False).exclude(sku="").order_by("position", "pk")
    for line in rows.select_related("variant", "order"):
        _again(found, line, cart, now)
    return found


def _again(found: Reordered, line: OrderLine, cart: Cart, now: dt.datetime) -> None:
    """One line. What was made to order is chosen anew by its buyer."""
    name = ", ".join(filter(None, (line.title, line.variant_label)))
    variant, units = line.variant, line.quantity
    if variant is None or line.extras:
        found.missing.append(name)
        return
    there = availability([variant.pk], cart.holder, now=now)[variant.pk].sellable
    if there <= 0:
        found.missing.append(name)
        return
    try:
        made = carts.add(
            token=cart.token,
            market=cart.market,
            sku=variant.sku,
            quantity=min(units, there),
            now=now,
        )
    except Refused:
        found.missing.append(name)
        return
    found.added.append(name)
    found.changed.extend(_other(line, name, made, there))


def _other(line: OrderLine, name: str, made: carts.Changed, there: int) -> list[str]:
    """In which ways it is not what it was."""
    words = []
    if there < line.quantity:
        words.append(_("%(name)s: only %(count)s left.") % {"name": name, "count": there})
    elif made.note:
        words.append(f"{name}: {made.note}")
    order, was = line.order, paid_per_unit(line, line.order.currency)
    price = made.line.price_seen if made.line else was
    if made.cart.market_id == order.market_id and price != was:
        figures = {
            "name": name,
            "price": money(price, order.currency),
            "was": money(was, order.currency),
        }
        words.append(_("%(name)s costs %(price)s today, it was %(was)s.") % figures)
    return words
