"""Fulfilment: look an order over, send its goods, or call it off."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.services import stock
from orders.models import Hold, Order, OrderLine
from orders.queries import holders_of
from orders.services import orders
from orders.services.orders import Move
from shipping.models import Fulfilment
from shipping.queries import tracking_page
from shipping.services import fulfilments
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.outbox import delivery as outbox
from shop.outbox.models import post
from shop.processes import browsing, checkout, refunding


class NotNow(Refused):
    """Raised when an order's state does not allow what was asked."""


class NothingToShip(Refused):
    """Raised when no units were named, or more than are left to ship."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Who carries it, under which number."""

    carrier: str = ""
    tracking_number: str = ""


@transaction.atomic(durable=True)
def verify(*, order_id: int, actor: User | None, now: dt.datetime) -> Order:
    """Accept an order that waits: from now on it may be shipped."""
    order = orders.lock(order_id=order_id)
    if not order.can_confirm:
        raise NotNow(_("Only a pending order can be confirmed."))
    orders.move_to(order=order, status=Order.Status.CONFIRMED, move=Move(now, actor))
    return order


@transaction.atomic(durable=True)
def dispatch(
    *,
    order_id: int,
    quantities: Mapping[int, int] | None,
    parcel: Parcel,
    actor: User | None,
    now: dt.datetime,
) -> Fulfilment:
    """Send units of order lines ({line id: units}; None: all that is left) as one parcel."""
    order = orders.lock(order_id=order_id)
    if not order.can_ship:
        raise NotNow(_("This order can't be shipped now."))
    if Hold.objects.filter(order=order, released_at=None).exists():
        raise NotNow(_("This order is on hold."))
    chosen = _chosen(locked(OrderLine.objects.filter(order=order)), quantities)
    touched = stock.consume(
        quantities={
            holder: units * each
            for line, units in chosen
            for holder, (_variant, each) in holders_of(line).items()
        },
        reference=order.number,
        actor=actor,
        now=now,
    )
    fulfilment = _send(order, chosen, parcel, Move(now, actor))
    browsing.stock_moved(variant_ids=touched, now=now)
    return fulfilment


def _chosen(
    lines: list[OrderLine], quantities: Mapping[int, int] | None
) -> list[tuple[OrderLine, int]]:
    """What goes into the parcel. Lines without a parcel are handed over when they are paid."""
    to_send = [line for line in lines if line.is_shipped]
    wanted = (
        {line.pk: line.unfulfilled for line in to_send} if quantities is None else dict(quantities)
    )
    chosen = [(line, wanted.get(line.pk, 0)) for line in to_send if wanted.get(line.pk, 0)]
    if not chosen:
        raise NothingToShip(_("Say how many units you are sending."))
    for line, units in chosen:
        if not 0 < units <= line.unfulfilled:
            raise NothingToShip(
                _("%(sku)s: %(left)s left to ship.") % {"sku": line.sku, "left": line.unfulfilled}
            )
    return chosen


def _send(
    order: Order, chosen: list[tuple[OrderLine, int]], parcel: Parcel, move: Move
) -> Fulfilment:
    tracking_url = tracking_page(method_code=order.shipping_method, number=parcel.tracking_number)
    fulfilment = fulfilments.ship(
        order=order,
        contents=chosen,
        label=fulfilments.Label(parcel.carrier, parcel.tracking_number, tracking_url),
        actor=move.actor,
        now=move.now,
    )
    orders.set_fulfillment(order=order, move=move)
    if order.fulfillment_status == Order.Fulfillment.FULFILLED and order.paid_at is not None:
        orders.move_to(order=order, status=Order.Status.COMPLETED, move=move)
    post(
        topic="mail.order_shipped",
        key=f"fulfilment-{fulfilment.pk}-shipped",
        payload={"fulfilment_id": fulfilment.pk},
        now=move.now,
    )
    outbox.ring()
    return fulfilment


@transaction.atomic(durable=True)
def cancel(*, order_id: int, reason: str, actor: User | None, now: dt.datetime) -> Order:
    """Call an order off before anything left: goods go back on sale, money goes back."""
    order = orders.lock(order_id=order_id)
    if not order.can_cancel:
        raise NotNow(_("Something of this order has left, or it is closed already."))
    move = Move(now, actor, reason)
    orders.move_to(order=order, status=Order.Status.CANCELED, move=move)
    checkout.put_back(order=order, now=now)
    refunding.stop_payments(order=order, reason=reason, actor=actor, now=now)
    post(
        topic="mail.order_canceled",
        key=f"order-{order.number}-canceled",
        payload={"order_id": order.pk},
        now=now,
    )
    outbox.ring()
    return order
