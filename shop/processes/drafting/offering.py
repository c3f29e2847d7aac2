"""Offering a draft: it is mailed with a link, and becomes an order when somebody says yes."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from marketing.services import uses
from orders.models import Draft, Order, OrderRule
from orders.services import orders
from orders.services.orders import Move
from payments.gateways import gateway
from payments.gateways.base import Standing, State
from payments.services import methods, payments
from shop.lib.errors import Refused
from shop.lib.money import ZERO
from shop.outbox import delivery as outbox
from shop.outbox.models import post
from shop.processes import agreeing, fulfilment, ruling
from shop.processes.checkout import confirming, reserving, settling, telling
from shop.processes.fulfilment import Parcel

TILL = "till"


class NotADraft(Refused):
    """Raised when a draft became an order, or was thrown away, in the meantime."""


class Over(Refused):
    """Raised when an offer is accepted after its last moment."""


@transaction.atomic(durable=True)
def send(*, order_id: int, actor: User | None, now: dt.datetime) -> Order:
    """Mail the offer. One that sets stock aside becomes a pending order at once.

    Raises NotADraft, Over, OutOfStock.
    """
    order, draft = _draft(order_id, now)
    if not order.email:
        raise NotADraft(_("There is no e-mail address to send it to."))
    if draft.reserves:
        _become_order(order, draft, Move(now, actor))
    draft.sent_at = now
    draft.save(update_fields=["sent_at"])
    orders.note(order=order, text=_("Offer sent."), move=Move(now, actor))
    key = f"order-{order.number}-offer-{int(now.timestamp())}"
    post(topic="mail.order_offer", key=key, payload={"order_id": order.pk, "key": key}, now=now)
    outbox.ring()
    return order


@transaction.atomic(durable=True)
def accept(*, order_id: int, actor: User | None, now: dt.datetime) -> Order:
    """The buyer, or staff for him, says yes: the draft is an order from here on, and to be paid.

    An offer that was accepted before stays as it is. Raises NotADraft, Over, OutOfStock, UsedUp.
    """
    order = orders.lock(order_id=order_id)
    if order.status in (Order.Status.PENDING, Order.Status.CONFIRMED, Order.Status.COMPLETED):
        return order
    order, draft = _draft(order_id, now)
    _become_order(order, draft, Move(now, actor))
    return order


def at_counter(*, order_id: int, takes_along: bool, actor: User, now: dt.datetime) -> Order:
    """The buyer pays at the till, and takes the goods along or gets them sent.

    Raises NotADraft, Over, OutOfStock, and what a parcel may be refused for.
    """
    with transaction.atomic(durable=True):
        order, draft = _draft(order_id, now)
        order.payment_method = TILL
        order.save(update_fields=["payment_method"])
        _become_order(order, draft, Move(now, actor))
        if payments.left_to_pay(order) > ZERO:
            _take_money(order, Move(now, actor))
        order.refresh_from_db()
        if takes_along and order.can_ship:
            parcel = Parcel(carrier=_("Taken along"))
            fulfilment.send(order=order, quantities=None, parcel=parcel, move=Move(now, actor))
    return order


@transaction.atomic(durable=True)
def discard(*, order_id: int, actor: User | None, now: dt.datetime) -> Order:
    """Throw a draft away. Raises NotADraft."""
    order = orders.lock(order_id=order_id)
    if order.status != Order.Status.DRAFT:
        raise NotADraft(_("This is not a draft any more."))
    orders.move_to(order=order, status=Order.Status.CANCELED, move=Move(now, actor))
    return order


def _draft(order_id: int, now: dt.datetime) -> tuple[Order, Draft]:
    order = orders.lock(order_id=order_id)
    draft = Draft.objects.filter(order=order).first()
    if draft is None or order.status != Order.Status.DRAFT:
        raise NotADraft(_("This is not a draft any more."))
    if draft.until is not None and draft.until < now:
        raise Over(_("This offer has ended. Ask us for a new one."))
    return order, draft


def _become_order(order: Order, draft: Draft, move: Move) -> None:
    """What placing does for a basket, with what the offer said."""
    now = move.now
    orders.move_to(order=order, status=Order.Status.PENDING, move=move)
    wait = now + methods.patience(order.payment_method)
    order.placed_at, order.expires_at = now, max(wait, draft.until or wait)
    order.save(update_fields=["placed_at", "expires_at"])
    draft.cart.ordered_at = now
    draft.cart.save(update_fields=["ordered_at"])
    agreeing.at_placement(order=order, now=now)
    reserving.set_aside(order=order, now=now, shopper=draft.cart.holder)
    uses.take(order=order, taken=_taken(order), codes={}, now=now)
    ruling.happened(order=order, when=OrderRule.When.PLACED, now=now)
    if order.total <= ZERO:
        settling.settled(order=order, move=move)
        return
    way = gateway(order.payment_method)
    if not way.is_online and order.payment_method != TILL:
        payments.open_attempt(order=order, provider=order.payment_method, now=now)
        telling.owe_confirmation(order=order, now=now)
        if way.sends_first:
            confirming.accept(order=order, move=move)


def _taken(order: Order) -> dict[int, Decimal]:
    """What each promotion took off, as the draft says; free words and agreed prices took nothing."""
    found: dict[int, Decimal] = {}
    for one in order.adjustments.all():
        found[one.promotion] = found.get(one.promotion, ZERO) - one.amount
    return found


def _take_money(order: Order, move: Move) -> None:
    payment = payments.open_attempt(order=order, provider=TILL, now=move.now)
    payment = payments.lock(payment_id=payment.pk)
    payment.order = order
    standing = Standing(State.CHARGED, payment.amount, payment.currency, payment.idempotency_key)
    settling.charged(order=order, payment=payment, standing=standing, now=move.now)
