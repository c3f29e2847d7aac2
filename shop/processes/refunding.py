"""Refunding: decide what goes back, send it on its way, follow it until it has arrived."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order
from orders.services import news, orders
from orders.services.orders import Move
from payments.gateways import BALANCES
from payments.gateways.base import Outcome, Refunded
from payments.models import GrantedRefund, Payment, Refund
from payments.services import balances, documents, grants, payments, refunds, stored_value, voids
from payments.services.balances import Cause
from payments.services.books import sales
from payments.services.grants import Asked, Terms
from payments.services.refund_accounts import OntoCredit, OntoNewCard
from payments.services.refunds import HAND, Part, Receiver
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.outbox import delivery as outbox
from shop.outbox.models import post
from shop.templatetags.shop_text import money

To = GrantedRefund.To
# Sent by a person from the shop's bank, where the way it was paid does not work (any more).
BY_HAND = "by_hand"
RECEIVERS: dict[str, Callable[[Order], Receiver]] = {
    To.STORE_CREDIT: OntoCredit,
    To.GIFT_CARD: OntoNewCard,
}


class NotASale(Refused):
    """Raised when an order that was never confirmed is to be refunded: it can be cancelled."""


class NotOpen(Refused):
    """Raised when nothing is left to do about a refund, or not for a person."""


@dataclass(frozen=True, slots=True)
class Way:
    """How money goes back, what for and why."""

    how: str
    grant: GrantedRefund | None
    cause: Cause
    onto: Receiver | None = None


# Deciding


@transaction.atomic(durable=True)
def refund(
    *,
    order_id: int,
    asked: Asked,
    to: str,
    reason: str,
    key: str,
    actor: User | None,
    now: dt.datetime,
) -> GrantedRefund:
    """Grant a refund and send its money off, once per key.

    to: a GrantedRefund.To. Raises NotASale, NothingToGive, TooMuchAsked, CardsUsed, TooMuch.
    """
    order = orders.lock(order_id=order_id)
    if order.confirmed_at is None:
        raise NotASale(_("This order was never confirmed: cancel it instead."))
    return _grant(order, asked, Terms(to, reason, key, actor, now))


def grant_cancellation(*, order: Order, move: Move) -> GrantedRefund | None:
    """Give all of a sale back that was called off. The order must be locked.

    None when nothing is left to give. What the buyer's bank has taken stays out of it.
    """
    left = sum((rest.gross for rest in grants.rests(order)), ZERO)
    disputed = sum(Payment.objects.filter(order=order).values_list("disputed", flat=True), ZERO)
    if left <= disputed:
        return None
    asked = Asked(goodwill=left - disputed) if disputed else Asked(whole=True)
    kind = GrantedRefund.Kind.CANCELLATION
    key = f"order-{order.number}-canceled"
    return _grant(order, asked, Terms(To.ORIGIN, move.note, key, move.actor, move.now, kind))


def is_granted(*, order: Order, key: str) -> bool:
    """Whether this was decided before: a second click finds the first grant."""
    return GrantedRefund.objects.filter(order=order, key=key).exists()


def grant_units(
    *, order: Order, units: Mapping[int, int], with_delivery: bool, key: str, move: Move
) -> GrantedRefund | None:
    """Give back what units of lines cost that are not sent any more. The order must be locked.

    What was given back before stays out of it; None when nothing is left to give.
    """
    rests = grants.rests(order)
    left = {one.tax_line.line.pk: one for one in rests if one.tax_line.line}
    asked = {pk: min(count, left[pk].units) for pk, count in units.items() if pk in left}
    worth = sum((left[pk].price_of(count) for pk, count in asked.items() if count), ZERO)
    delivery = sum((one.gross for one in rests if not one.tax_line.line), ZERO)
    delivery = delivery if with_delivery else ZERO
    if not worth + delivery:
        return None
    terms = Terms(To.ORIGIN, move.note, key, move.actor, move.now)
    return _grant(order, Asked(asked, delivery), terms)


def grant_within(
    *, order: Order, asked: Asked, key: str, move: Move, is_told: bool = True
) -> GrantedRefund:
    """Give back a part of a sale, once per key, in a transaction that holds the order.

    is_told: whether its buyer is written about this alone. Raises NothingToGive, TooMuchAsked.
    """
    terms = Terms(To.ORIGIN, move.note, key, move.actor, move.now)
    return _grant(order, asked, terms, is_told=is_told)


def give(*, order: Order, asked: Asked, terms: Terms) -> GrantedRefund:
    """The same on the terms of a return or a claim, whose own letter tells of it."""
    return _grant(order, asked, terms, is_told=False)


def _grant(order: Order, asked: Asked, terms: Terms, *, is_told: bool = True) -> GrantedRefund:
    held = locked(Payment.objects.filter(order=order))
    if known := GrantedRefund.objects.filter(order=order, key=terms.key).first():
        return known
    decided = grants.grant(order=order, asked=asked, terms=terms)
    sales.post_credit(grant=decided, now=terms.now)
    documents.credit_note(grant=decided, now=terms.now)
    _note(decided, terms)
    if to_send := decided.total - decided.unpaid:
        cause = Cause("", terms.now, terms.reason, terms.actor)
        _pay(order, refunds.parts_of(held, to_send), Way(terms.to, decided, cause))
    if is_told:
        _owe_letter(decided, terms.now)
    return decided


def _note(decided: GrantedRefund, terms: Terms) -> None:
    total = money(decided.total, decided.order.currency)
    text = _("Refund of %(total)s: %(reason)s") % {"total": total, "reason": terms.reason}
    orders.note(order=decided.order, text=text, move=Move(terms.now, terms.actor))


def _owe_letter(decided: GrantedRefund, now: dt.datetime) -> None:
    """Tell the buyer, unless the letter about the cancelled order does."""
    if decided.kind != GrantedRefund.Kind.CANCELLATION:
        key = f"grant-{decided.pk}-refunded"
        post(topic="mail.order_refunded", key=key, payload={"grant_id": decided.pk}, now=now)
        outbox.ring()


# Sending


def _pay(order: Order, parts: list[Part], way: Way) -> list[Refund]:
    """Send money off on each payment. The order and its payments must be locked."""
    # Locked in one order before the first is touched, so that two refunds queue up.
    stored = [part.payment for part in parts if part.payment.provider in BALANCES]
    balances.lock(stored_value.account_id(payment) for payment in stored)
    receiver = RECEIVERS.get(way.how)
    way = Way(way.how, way.grant, way.cause, receiver(order) if receiver else None)
    made = [_send(part, way) for part in parts]
    if way.grant:
        grants.settle(decided=way.grant, now=way.cause.now)
    money_went_back(order=order, now=way.cause.now)
    return made


def _send(part: Part, way: Way) -> Refund:
    payment, amount, cause, grant = part.payment, part.amount, way.cause, way.grant
    if way.onto:
        return refunds.request_onto(
            payment=payment, amount=amount, onto=way.onto, cause=cause, grant=grant
        )
    if way.how == BY_HAND and payment.provider not in BALANCES:
        return refunds.request_by_hand(payment=payment, amount=amount, cause=cause, grant=grant)
    made = refunds.request(
        payment=payment,
        amount=amount,
        reason=cause.reason,
        actor=cause.actor,
        now=cause.now,
        grant=grant,
    )
    _ask(made, cause.now)
    return made


def _ask(made: Refund, now: dt.datetime) -> None:
    """Owe its provider the question, where there is one to ask."""
    if made.status == Refund.Status.PENDING and not refunds.is_by_hand(made):
        payload = {"refund_id": made.pk}
        post(topic="payments.refund", key=made.idempotency_key, payload=payload, now=now)
        outbox.ring()


def give_back(
    *,
    payment: Payment,
    reason: str,
    actor: User | None,
    now: dt.datetime,
    most: Decimal | None = None,
) -> None:
    """Owe the buyer what this payment still holds, without a sale behind it.

    Order and payment must be locked. most: no more than this.
    """
    left = payments.give_back_left(payment)
    amount = left if most is None else min(left, most)
    if amount > ZERO:
        way = Way(To.ORIGIN, None, Cause("", now, reason, actor))
        _pay(payment.order, [Part(payment, amount)], way)


@transaction.atomic(durable=True)
def send_again(*, refund_id: int, how: str, actor: User | None, now: dt.datetime) -> list[Refund]:
    """Pay a failed refund once more. Raises NotOpen, TooMuch.

    how: "origin", "store_credit", "gift_card" or "by_hand".
    """
    failed = _locked(refund_id)
    order, grant = failed.payment.order, failed.grant
    open_amount = grants.open_amount(grant) if grant else payments.give_back_left(failed.payment)
    amount = min(failed.amount, open_amount)
    if failed.status != Refund.Status.FAILED or amount <= ZERO:
        raise NotOpen(_("This refund did not fail, or is paid another way by now."))
    way = Way(how, grant, Cause("", now, failed.reason, actor))
    if payments.give_back_left(failed.payment) >= amount:
        return _pay(order, [Part(failed.payment, amount)], way)
    rows = locked(Payment.objects.filter(order=order))
    return _pay(order, refunds.parts_of(rows, amount), way)


# Following


@transaction.atomic(durable=True)
def refund_answered(*, refund_id: int, answer: Refunded, now: dt.datetime) -> None:
    """Write down what a provider said to a refund, and what that makes of the order."""
    _answered(_locked(refund_id), answer, Move(now))


@transaction.atomic(durable=True)
def sent(*, refund_id: int, reference: str, actor: User | None, now: dt.datetime) -> Refund:
    """A person has sent the money of a refund that only a person can send. Raises NotOpen."""
    return sent_within(refund_id=refund_id, reference=reference, move=Move(now, actor))


def sent_within(*, refund_id: int, reference: str, move: Move) -> Refund:
    """The same as a part of a larger transaction. Locks order, payment and refund."""
    asked = _locked(refund_id)
    if asked.status != Refund.Status.PENDING or not refunds.is_by_hand(asked):
        raise NotOpen(_("This refund is settled, or its provider sends it."))
    answer = Refunded(Outcome.DONE, f"{HAND}{asked.pk}-{reference}"[:120])
    _answered(asked, answer, move)
    return asked


def _locked(refund_id: int) -> Refund:
    """The refund with its order and payment, all of them held."""
    place = Refund.objects.values_list("payment_id", "payment__order_id").get(pk=refund_id)
    order = orders.lock(order_id=place[1])
    payment = payments.lock(payment_id=place[0])
    found = locked(Refund.objects.filter(pk=refund_id).select_related("grant"))[0]
    payment.order, found.payment = order, payment
    return found


def _answered(asked: Refund, answer: Refunded, move: Move) -> None:
    order = asked.payment.order
    if not refunds.settle(refund=asked, answer=answer, now=move.now):
        return
    if asked.status == Refund.Status.FAILED:
        amount = money(asked.amount, order.currency)
        text = _("A refund of %(amount)s failed: %(why)s")
        why = {"amount": amount, "why": asked.message or _("no reason given")}
        orders.note(order=order, text=text % why, move=move)
    if asked.grant:
        grants.settle(decided=asked.grant, now=move.now)
    money_went_back(order=order, now=move.now)


def money_went_back(*, order: Order, now: dt.datetime) -> None:
    """What refunds add up to, on the order. It must be locked."""
    paid_back = Payment.objects.filter(order=order).aggregate(total=Sum("refunded"))["total"]
    was, order.refunded = order.refunded, min(paid_back or ZERO, order.total)
    order.save(update_fields=["refunded"])
    if order.refunded > was:
        news.paid_back(order, now=now)
    orders.set_payment(order=order, status=payments.status_of(order), move=Move(now=now))


# Stopping


def stop_payments(*, order: Order, reason: str, actor: User | None, now: dt.datetime) -> None:
    """Let go of what is held, close what is still open at providers, give back what was charged."""
    stored_value.release(order=order, now=now)
    for payment in locked(Payment.objects.filter(order=order)):
        if payment.charged:
            payment.order = order
            give_back(payment=payment, reason=reason, actor=actor, now=now)
        if payments.take_left(payment) > ZERO and not payment.charge_pending:
            voids.request(payment=payment, reason=reason, actor=actor, now=now)
        elif payment.is_open:
            payments.stop(payment=payment, message=reason, now=now)
