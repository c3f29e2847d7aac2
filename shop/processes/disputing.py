"""Disputes: a buyer's bank asks for money back. A case opens, somebody answers, the bank decides.

What a provider says is written as it stands. Repeats change nothing, and news that is older than
what is known is left aside, so the order in which it comes can't matter.
"""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Hold, Order
from orders.services import orders
from orders.services.orders import Move
from payments.gateways.base import DisputeStanding, Outcome, Submitted
from payments.models import Dispute, EvidenceFile, Payment, PaymentEvent
from payments.services import payments
from payments.services.payments import Fact
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.outbox import delivery as outbox
from shop.outbox.models import Message, post
from shop.processes import verifying
from shop.templatetags.shop_text import money

if TYPE_CHECKING:
    from django.db.models import QuerySet

Status = Dispute.Status
Stage = PaymentEvent.Stage
PROVIDER = "card"
# How far a case is: news of an earlier stage is old.
STAGES = {
    Status.NEEDS_RESPONSE: 0,
    Status.UNDER_REVIEW: 1,
    Status.CLOSED: 2,
    Status.WON: 3,
    Status.LOST: 3,
}
OPEN = (Status.NEEDS_RESPONSE, Status.UNDER_REVIEW)


class NotReady(Refused):
    """Raised when a case can't be answered: no words yet, or answered before."""


# What the provider says


@transaction.atomic(durable=True)
def seen(*, standing: DisputeStanding, now: dt.datetime) -> bool:
    """Write down how a dispute stands. False when it is about somebody else's payment."""
    place = _payments(standing).values_list("pk", "order_id").first()
    if place is None:
        return False
    order = orders.lock(order_id=place[1])
    payment = payments.lock(payment_id=place[0])
    dispute = _case(payment, standing)
    is_new = dispute.pk is None
    if is_new or _is_news(dispute, standing):
        _write(dispute, standing, now)
    if is_new:
        _tell(order, dispute, _("Disputed: %(amount)s (%(why)s)"), now)
    _move_money(dispute, payment, standing, now)
    _follow(order, dispute, now)
    return True


def _payments(standing: DisputeStanding) -> "QuerySet[Payment]":
    named = Payment.objects.filter(provider=PROVIDER).exclude(charge_ref="")
    return named.filter(charge_ref=standing.charge_ref).order_by("pk")


def _case(payment: Payment, standing: DisputeStanding) -> Dispute:
    """The case that is known, or a new one. Its payment is locked: nobody else opens it now."""
    known = Dispute.objects.filter(provider=PROVIDER, provider_ref=standing.reference)
    found = locked(known)
    if found:
        return found[0]
    amount = standing.amount if standing.currency == payment.currency else payment.charged
    return Dispute(
        payment=payment,
        provider=PROVIDER,
        provider_ref=standing.reference,
        amount=amount,
        reason=standing.reason[:60],
        opened_at=standing.opened_at,
    )


def _is_news(dispute: Dispute, standing: DisputeStanding) -> bool:
    known, said = STAGES[Status(dispute.status)], STAGES[Status(standing.status)]
    # An enquiry that was closed may come back as a real dispute.
    is_escalated = dispute.status == Status.CLOSED and standing.took_money
    return said >= known or is_escalated


def _write(dispute: Dispute, standing: DisputeStanding, now: dt.datetime) -> None:
    was = dispute.status
    dispute.status = standing.status
    dispute.fee = max(dispute.fee, standing.fee)
    dispute.due_at = standing.due_at or dispute.due_at
    is_open = standing.status in OPEN
    if is_open:
        dispute.closed_at = None
    elif dispute.closed_at is None or was != standing.status:
        dispute.closed_at = now
    dispute.save()


def _move_money(
    dispute: Dispute, payment: Payment, standing: DisputeStanding, now: dt.datetime
) -> None:
    """The bank took it; then it is lost, or came back. Each of it is on record once."""
    if not standing.took_money:
        return
    _record(dispute, payment, Stage.REQUEST, now)
    if dispute.status == Status.WON:
        _record(dispute, payment, Stage.FAILURE, now)
    elif dispute.status == Status.LOST:
        _record(dispute, payment, Stage.SUCCESS, now)


def _record(dispute: Dispute, payment: Payment, stage: Stage, now: dt.datetime) -> None:
    fact = Fact(
        PaymentEvent.Kind.CHARGE_BACK,
        stage,
        dispute.amount,
        f"dispute-{dispute.pk}",
        dispute.reason,
    )
    payments.record(payment=payment, fact=fact, now=now)


def _follow(order: Order, dispute: Dispute, now: dt.datetime) -> None:
    """What has not left waits for the outcome; what was won goes on."""
    held = orders.holds(order).filter(kind=Hold.Kind.DISPUTE)
    others = Dispute.objects.filter(payment__order=order, status__in=OPEN).exclude(pk=dispute.pk)
    if dispute.is_open:
        if _may_be_stopped(order):
            reason = _("The bank wants %(amount)s back.")
            words = reason % {"amount": money(dispute.amount, order.currency)}
            orders.hold(order=order, kind=Hold.Kind.DISPUTE, reason=words, move=Move(now))
        return
    _tell_outcome(order, dispute, now)
    if dispute.status != Status.LOST and not others.exists():
        for hold in held:
            orders.release(hold=hold, move=Move(now))
            verifying.go_on(order, Move(now))


def _may_be_stopped(order: Order) -> bool:
    return order.status in (Order.Status.PENDING, Order.Status.CONFIRMED) and (
        order.fulfillment_status
        in (Order.Fulfillment.UNFULFILLED, Order.Fulfillment.PARTIALLY_FULFILLED)
    )


def _tell_outcome(order: Order, dispute: Dispute, now: dt.datetime) -> None:
    words = {
        Status.WON: _("Dispute won: %(amount)s is back"),
        Status.LOST: _("Dispute lost: %(amount)s stays with the buyer"),
        Status.CLOSED: _("Dispute of %(amount)s closed"),
    }[Status(dispute.status)]
    if dispute.closed_at == now:
        _tell(order, dispute, words, now)


def _tell(order: Order, dispute: Dispute, words: str, now: dt.datetime) -> None:
    amount = money(dispute.amount, order.currency)
    text = words % {"amount": amount, "why": dispute.reason or _("no reason given")}
    orders.note(order=order, text=text, move=Move(now))


# What we say


@transaction.atomic(durable=True)
def keep_statement(*, dispute_id: int, statement: str) -> None:
    """Keep what was written so far. Raises NotReady when the case is answered."""
    dispute = _unanswered(dispute_id)
    dispute.statement = statement
    dispute.save(update_fields=["statement"])


@transaction.atomic(durable=True)
def assign(*, dispute_id: int, to: User | None) -> None:
    """Somebody sees to it."""
    dispute = locked(Dispute.objects.filter(pk=dispute_id))[0]
    dispute.assigned_to = to
    dispute.save(update_fields=["assigned_to"])


@transaction.atomic(durable=True)
def submit(*, dispute_id: int, actor: User | None, now: dt.datetime) -> Dispute:
    """Hand our side in: it can't be changed afterwards. Raises NotReady."""
    order_id = Dispute.objects.values_list("payment__order_id", flat=True).get(pk=dispute_id)
    order = orders.lock(order_id=order_id)
    dispute = _unanswered(dispute_id)
    if not dispute.statement.strip():
        raise NotReady(_("Write our side first."))
    dispute.submitted_at = now
    dispute.save(update_fields=["submitted_at"])
    orders.note(order=order, text=_("Dispute answered."), move=Move(now, actor))
    stem = f"dispute-{dispute.pk}-evidence"
    tries = Message.objects.filter(key__startswith=stem).count()
    post(
        topic="payments.answer_dispute",
        key=f"{stem}-{tries + 1}",
        payload={"dispute_id": dispute.pk},
        now=now,
    )
    outbox.ring()
    return dispute


def _unanswered(dispute_id: int) -> Dispute:
    dispute = locked(Dispute.objects.filter(pk=dispute_id))[0]
    if dispute.status != Status.NEEDS_RESPONSE or dispute.submitted_at is not None:
        raise NotReady(_("This case is answered."))
    return dispute


@transaction.atomic(durable=True)
def submitted(*, dispute_id: int, answer: Submitted, now: dt.datetime) -> None:
    """Write down what the provider said to our side; refused, it can be changed and sent again."""
    order_id = Dispute.objects.values_list("payment__order_id", flat=True).get(pk=dispute_id)
    order = orders.lock(order_id=order_id)
    dispute = locked(Dispute.objects.filter(pk=dispute_id))[0]
    for file_id, reference in answer.file_refs.items():
        EvidenceFile.objects.filter(pk=file_id, dispute=dispute).update(provider_ref=reference)
    if answer.outcome == Outcome.DONE and dispute.status == Status.NEEDS_RESPONSE:
        dispute.status = Status.UNDER_REVIEW
    if answer.outcome == Outcome.REFUSED:
        dispute.submitted_at = None
        why = {"why": answer.message or _("no reason given")}
        text = _("The provider did not take our answer to the dispute: %(why)s") % why
        orders.note(order=order, text=text, move=Move(now))
    dispute.save(update_fields=["status", "submitted_at"])
