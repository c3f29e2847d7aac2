"""Verifying: orders that wait for a person. Confirmed, called off, held and released by hand."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Hold, Order
from orders.services import orders
from orders.services.orders import Move
from payments.gateways import gateway
from payments.services import payments, risk
from shop.lib.locks import locked
from shop.processes import checkout, fulfilment, handing_off, handover
from shop.processes.checkout import settling
from shop.processes.fulfilment import NotNow

OPEN = (Order.Status.PENDING, Order.Status.CONFIRMED)
THERE = (Order.Payment.PAID, Order.Payment.AUTHORIZED)


class AlreadyDecided(NotNow):
    """Raised when an order waits no more: a colleague was faster."""


@transaction.atomic(durable=True)
def accept_risk(*, order_id: int, reason: str, actor: User | None, now: dt.datetime) -> Order:
    """A person looked and finds the order good: it is confirmed, or may be sent again.

    Money that is only held stays held until then. Raises AlreadyDecided, and NotNow while
    something else stops the order too.
    """
    order, move = orders.lock(order_id=order_id), Move(now, actor, reason)
    waiting = {hold.kind: hold for hold in orders.holds(order)}
    doubt = waiting.pop(Hold.Kind.HIGH_RISK, None)
    if doubt is None or order.status not in OPEN:
        raise AlreadyDecided(_("This order waits for no decision any more."))
    for other in waiting.values():
        raise NotNow(_("First release the other hold: %(reason)s") % {"reason": other.reason})
    risk.decide(order=order, is_good=True, move=move)
    orders.release(hold=doubt, move=move)
    go_on(order, move)
    return order


@transaction.atomic(durable=True)
def reject(*, order_id: int, reason: str, actor: User | None, now: dt.datetime) -> Order:
    """A person calls a held order off: held money is let go, taken money goes back.

    Raises AlreadyDecided, and NotNow when something has left.
    """
    order = orders.lock(order_id=order_id)
    if order.status not in OPEN or not orders.holds(order).exists():
        raise AlreadyDecided(_("This order waits for no decision any more."))
    fulfilment.call_off(order=order, move=Move(now, actor, reason))
    return order


@transaction.atomic(durable=True)
def hold(*, order_id: int, kind: str, reason: str, actor: User | None, now: dt.datetime) -> Hold:
    """Stop an order by hand. Raises NotNow when it is closed, or stopped for the same already."""
    order = orders.lock(order_id=order_id)
    if order.status not in OPEN:
        raise NotNow(_("This order is closed, there is nothing to stop."))
    if kind != Hold.Kind.OTHER and orders.holds(order).filter(kind=kind).exists():
        raise NotNow(_("This order is on hold for that already."))
    return orders.hold(order=order, kind=kind, reason=reason, move=Move(now, actor))


@transaction.atomic(durable=True)
def release(*, hold_id: int, reason: str, actor: User | None, now: dt.datetime) -> Order:
    """Take a stop sign away; after the last one the order goes on by itself.

    Raises AlreadyDecided, and NotNow for a doubt about fraud: that one is decided, not released.
    """
    order = orders.lock(order_id=Hold.objects.values_list("order_id", flat=True).get(pk=hold_id))
    found = locked(Hold.objects.filter(pk=hold_id))[0]
    if found.released_at is not None:
        raise AlreadyDecided(_("This hold was released already."))
    if found.kind == Hold.Kind.HIGH_RISK:
        raise NotNow(_("This order may be fraud: confirm it or call it off."))
    if found.kind == Hold.Kind.CALL:
        raise NotNow(_("The customer is to be called: say how the call went."))
    move = Move(now, actor, reason)
    orders.release(hold=found, move=move)
    go_on(order, move)
    return order


def go_on(order: Order, move: Move) -> None:
    """Nothing stops the order any more: confirm it if its money is there, hand over what is due."""
    if order.status not in OPEN or orders.holds(order).exists():
        return
    onwards = Move(move.now, move.actor)
    handing_off.again(order=order, move=onwards)
    orders.set_payment(order=order, status=payments.status_of(order), move=onwards)
    if not order.can_confirm:
        if order.payment_status == Order.Payment.PAID:
            handover.hand_over(order=order, move=onwards)
    elif order.payment_status in THERE:
        settling.settled(order=order, move=onwards)
    elif gateway(order.payment_method).sends_first:
        checkout.accept(order=order, move=onwards)
