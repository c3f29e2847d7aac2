"""Fulfilment: look an order over, send its goods, or call it off."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import Location
from orders.models import Order, OrderRule
from orders.services import calls, orders
from orders.services.orders import Move
from payments.models import Series
from payments.services import documents, risk
from payments.services.books import goods
from shipping.models import Fulfilment
from shipping.queries import tracking_page
from shipping.services import fulfilments, parcels
from shipping.services.parcels import PickingStarted, WrongState
from shop.lib.errors import Refused
from shop.outbox import delivery as outbox
from shop.outbox.models import post
from shop.processes import (
    assigning,
    browsing,
    capturing,
    checkout,
    handing_off,
    packing,
    rechecking,
    refunding,
    ruling,
)
from shop.processes.packing import NothingToShip, Taken

__all__ = [
    "NotNow",
    "NothingToShip",
    "Parcel",
    "PickingStarted",
    "Short",
    "WrongState",
    "call_off",
    "cancel",
    "dispatch",
    "dispatch_parcel",
    "send",
    "send_parcel",
    "verify",
]


class NotNow(Refused):
    """Raised when an order's state does not allow what was asked."""


class Short(NotNow):
    """Raised when something of an order is missing that somebody has to decide about first."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Who carries it, under which number. location: where from, None for all our own places."""

    carrier: str = ""
    tracking_number: str = ""
    location: Location | None = None


def verify(*, order_id: int, actor: User | None, now: dt.datetime) -> Order:
    """Accept an order that waits: from now on it may be shipped. Its promises are looked at first.

    Raises NotNow, and Short when units are missing.
    """
    missing = rechecking.recheck(order_id=order_id, now=now)
    if missing:
        raise Short(_("Missing: %(what)s. Decide on its page first.") % {"what": missing})
    return _verify(order_id=order_id, move=Move(now, actor))


@transaction.atomic(durable=True)
def _verify(*, order_id: int, move: Move) -> Order:
    order = orders.lock(order_id=order_id)
    if not order.can_confirm:
        raise NotNow(_("Only a pending order can be confirmed."))
    if orders.holds(order).exists():
        raise NotNow(_("This order is on hold."))
    checkout.confirm(order=order, move=move)
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
    """Send units of order lines as one parcel: {line id: units}; None: all that is set aside.

    What lies at partners is sent by them, unless the parcel's location says so.
    Raises NotNow, NothingToShip.
    """
    order = orders.lock(order_id=order_id)
    return send(order=order, quantities=quantities, parcel=parcel, move=Move(now, actor))


def send(
    *, order: Order, quantities: Mapping[int, int] | None, parcel: Parcel, move: Move
) -> Fulfilment:
    """The same within a transaction that holds the order."""
    _check(order)
    # Payments are locked before stock, everywhere.
    capturing.held(order=order)
    contents = packing.choose(order=order, quantities=quantities, location=parcel.location)
    taken = packing.take(order=order, contents=contents, location=parcel.location, move=move)
    fulfilment = fulfilments.ship(
        order=order,
        contents=contents,
        label=_label(order, replace(parcel, location=taken.location)),
        actor=move.actor,
        now=move.now,
    )
    _left(order, fulfilment, taken, move)
    return fulfilment


@transaction.atomic(durable=True)
def dispatch_parcel(
    *, fulfilment_id: int, parcel: Parcel, actor: User | None, now: dt.datetime
) -> Fulfilment:
    """Send a packed parcel. parcel: what its label does not say already.

    Raises NotNow, WrongState unless it is packed, StockRefused when its goods were taken back.
    """
    order_id = Fulfilment.objects.values_list("order_id", flat=True).get(pk=fulfilment_id)
    order = orders.lock(order_id=order_id)
    fulfilment = parcels.lock(fulfilment_id=fulfilment_id)
    send_parcel(order=order, fulfilment=fulfilment, parcel=parcel, move=Move(now, actor))
    return fulfilment


def send_parcel(*, order: Order, fulfilment: Fulfilment, parcel: Parcel, move: Move) -> None:
    """The same within a transaction that holds the order and then the parcel."""
    if fulfilment.status != parcels.Status.PACKED:
        raise WrongState(fulfilment)
    _check(order)
    capturing.held(order=order)
    contents = packing.contents_of(fulfilment)
    place = fulfilment.location
    taken = packing.take(order=order, contents=contents, location=place, move=move)
    label = _label(order, replace(parcel, location=taken.location))
    fulfilments.leave(fulfilment=fulfilment, contents=contents, label=label, move=move)
    _left(order, fulfilment, taken, move)


def _check(order: Order) -> None:
    if not order.can_ship:
        raise NotNow(_("This order can't be shipped now."))
    if orders.holds(order).exists():
        raise NotNow(_("This order is on hold."))


def _label(order: Order, parcel: Parcel) -> fulfilments.Label:
    tracking_url = tracking_page(method_code=order.shipping_method, number=parcel.tracking_number)
    return fulfilments.Label(parcel.carrier, parcel.tracking_number, tracking_url, parcel.location)


def _left(order: Order, fulfilment: Fulfilment, taken: Taken, move: Move) -> None:
    """What it makes of order, money, books and mails that a parcel has left."""
    orders.set_fulfillment(order=order, move=move)
    documents.happened(order=order, when=Series.When.SHIPPED, now=move.now)
    if order.fulfillment_status == Order.Fulfillment.FULFILLED:
        ruling.happened(order=order, when=OrderRule.When.SHIPPED, now=move.now)
    if order.fulfillment_status == Order.Fulfillment.FULFILLED and order.paid_at is not None:
        orders.move_to(order=order, status=Order.Status.COMPLETED, move=move)
    post(
        topic="mail.order_shipped",
        key=f"fulfilment-{fulfilment.pk}-shipped",
        payload={"fulfilment_id": fulfilment.pk},
        now=move.now,
    )
    outbox.ring()
    handing_off.refresh(order=order, move=Move(move.now, move.actor))
    fulfilments.set_cost(fulfilment=fulfilment, cost=taken.cost)
    capturing.for_parcel(order=order, parcel=fulfilment, now=move.now)
    goods.post_sent(order=order, parcel_id=fulfilment.pk, cost=taken.cost, now=move.now)
    browsing.stock_moved(variant_ids=taken.variant_ids, now=move.now)


@transaction.atomic(durable=True)
def cancel(
    *, order_id: int, reason: str, actor: User | None, now: dt.datetime, force: bool = False
) -> Order:
    """Call an order off before anything left: goods go back on sale, money goes back.

    Raises NotNow, and PickingStarted unless force: then its parcels are unpacked again.
    """
    order = orders.lock(order_id=order_id)
    call_off(order=order, move=Move(now, actor, reason), force=force)
    return order


def call_off(*, order: Order, move: Move, force: bool = False) -> None:
    """The same within a transaction that holds the order. What it waited for is decided with it."""
    if not order.can_cancel:
        raise NotNow(_("Something of this order has left, or it is closed already."))
    assigning.withdraw(order=order, move=move, force=force)
    orders.move_to(order=order, status=Order.Status.CANCELED, move=move)
    ruling.happened(order=order, when=OrderRule.When.CANCELED, now=move.now)
    risk.decide(order=order, is_good=False, move=move)
    calls.drop(order=order, move=move)
    for hold in orders.holds(order):
        orders.release(hold=hold, move=move)
    checkout.put_back(order=order, now=move.now)
    handing_off.refresh(order=order, move=Move(move.now, move.actor))
    if order.confirmed_at is not None:
        refunding.grant_cancellation(order=order, move=move)
    refunding.stop_payments(order=order, reason=move.note, actor=move.actor, now=move.now)
    post(
        topic="mail.order_canceled",
        key=f"order-{order.number}-canceled",
        payload={"order_id": order.pk},
        now=move.now,
    )
    outbox.ring()
