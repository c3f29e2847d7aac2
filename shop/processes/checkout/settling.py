"""Settling: write down what a provider says of a payment, and what that makes of the order."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Hold, Order
from orders.services import orders
from orders.services.orders import Move
from payments.gateways import BALANCES, gateway
from payments.gateways.base import Standing, State
from payments.models import Payment, PaymentEvent
from payments.services import methods, payments, standings, stored_value, voids
from payments.services.payments import Fact
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.processes import refunding
from shop.processes.checkout import confirming, reviving
from shop.processes.checkout.telling import owe_confirmation, owe_mail

Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage


def confirm_payment(*, payment_id: int, standing: Standing, now: dt.datetime) -> Order:
    """Write down what a provider says of a payment, once, whoever brings the news.

    The return page, the webhook and the clock all come here. Money that does not match the
    order puts it on hold; money for an order that is gone goes back, or is let go.
    """
    with transaction.atomic(durable=True):
        order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
        order = orders.lock(order_id=order_id)
        payment = payments.lock(payment_id=payment_id)
        known = (payment.card, payment.fingerprint)
        news = standings.write(payment=payment, standing=standing, now=now)
        if (payment.card, payment.fingerprint) != known:
            confirming.look_again(order=order, move=Move(now=now))
        if standing.state == State.CHARGED and not payment.is_manual:
            charged(order=order, payment=payment, standing=standing, now=now)
        if news.is_held:
            _came(order, payment, (standing.amount, standing.currency), standing.reference, now)
        if news.is_moved:
            moved(order=order, now=now)
        if news.is_lost:
            _lost(order, now)
        return order


def charged(*, order: Order, payment: Payment, standing: Standing, now: dt.datetime) -> None:
    """Money is there, whoever saw it: once, and what it makes of the order. Both are locked."""
    fact = Fact(Kind.CHARGE, Stage.SUCCESS, standing.taken, standing.reference)
    if payments.record(payment=payment, fact=fact, now=now):
        _came(order, payment, (standing.taken, standing.currency), standing.reference, now)


def _came(
    order: Order,
    payment: Payment,
    money: tuple[Decimal, str],
    reference: str,
    now: dt.datetime,
) -> None:
    """Money is charged, or held, for the first time."""
    move = Move(now=now, note=reference)
    if money != (payment.amount, payment.currency):
        reason = _("The amount paid is not the order's total.")
        orders.hold(order=order, kind=Hold.Kind.PAYMENT_MISMATCH, reason=reason, move=move)
        return
    if order.status in (Order.Status.EXPIRED, Order.Status.CANCELED):
        if not reviving.came_late(order=order, payment=payment, move=move):
            _let_go(payment, now)
        return
    if payments.left_to_pay(order) > ZERO:
        orders.set_payment(order=order, status=payments.status_of(order), move=move)
        owe_mail("payment_part_received", order, now, tell=payment.pk)
        return
    _close_others(order, payment, now)
    settled(order=order, move=move)
    if not gateway(payment.provider).is_online:
        owe_mail("payment_received", order, now)


def _let_go(payment: Payment, now: dt.datetime) -> None:
    if payment.authorized > ZERO and not payment.charge_pending:
        reason = _("Held after the order was closed.")
        voids.request(payment=payment, reason=reason, actor=None, now=now)


def moved(*, order: Order, now: dt.datetime) -> None:
    """Of money that was held a part is taken, or the rest let go. The order must be locked."""
    if order.status in (Order.Status.EXPIRED, Order.Status.CANCELED):
        # Taken while the order was called off: it goes back, and the rest is let go.
        reason = _("Paid after the order was closed.")
        refunding.stop_payments(order=order, reason=reason, actor=None, now=now)
    was = order.payment_status
    orders.set_payment(order=order, status=payments.status_of(order), move=Move(now=now))
    is_paid = order.payment_status in orders.PAID
    if is_paid and was not in orders.PAID and order.status == Order.Status.CONFIRMED:
        confirming.paid(order=order, move=Move(now=now))


def _lost(order: Order, now: dt.datetime) -> None:
    """The buyer's bank keeps nothing for us any more: what was promised is not sent unpaid."""
    if order.status == Order.Status.CONFIRMED:
        reason = _("The money that was held is gone: the hold ran out or was let go.")
        orders.hold(order=order, kind=Hold.Kind.OTHER, reason=reason, move=Move(now=now))


def _close_others(order: Order, payment: Payment, now: dt.datetime) -> None:
    """Nobody shall pay twice: what else was open for this order is not any more.

    An order is told by the way that completed it.
    """
    waiting = Payment.objects.filter(order=order, is_open=True).exclude(pk=payment.pk)
    for other in locked(waiting.exclude(provider__in=BALANCES)):
        payments.stop(payment=other, message=_("Paid in another way."), now=now)
    if payment.provider not in BALANCES and payment.provider != order.payment_method:
        order.payment_method = payment.provider
        order.save(update_fields=["payment_method"])


def mark_paid(*, order_id: int, actor: User | None, reference: str, now: dt.datetime) -> Order:
    """Staff saw the rest of the money: on the bank statement, from the carrier, in cash.

    Raises Refused when no money is waited for.
    """
    with transaction.atomic(durable=True):
        order = orders.lock(order_id=order_id)
        if not order.can_be_paid:
            raise Refused(_("This order is not waiting for money."))
        payment = payments.open_attempt(order=order, provider=methods.offline(order), now=now)
        payment = payments.lock(payment_id=payment.pk)
        standing = Standing(
            State.CHARGED,
            payment.amount,
            payment.currency,
            f"{payment.idempotency_key}-{reference}"[:120],
        )
        orders.note(order=order, text=_("Money received."), move=Move(now, actor))
        charged(order=order, payment=payment, standing=standing, now=now)
        return order


def settled(*, order: Order, move: Move) -> None:
    """All of the money is there: take what was held, confirm, hand over, say thanks."""
    stored_value.settle(order=order, now=move.now)
    orders.set_payment(order=order, status=payments.status_of(order), move=move)
    if order.can_confirm:
        confirming.accept(order=order, move=move)
    elif order.status == Order.Status.CONFIRMED and order.payment_status in orders.PAID:
        confirming.paid(order=order, move=move)
    owe_confirmation(order=order, now=move.now)
