"""Attempts to pay, and the log they are folded from."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import DecimalField, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from orders.models import Order
from payments.gateways import gateway
from payments.models import GrantedRefund, Payment, PaymentEvent, PaymentMethod, ValueAccount
from payments.services.books import money
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.lib.prepared import Prepared
from shop.lib.writing import insert_together
from shop.outbox import delivery
from shop.outbox.models import post

Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage


class NothingLeft(Refused):
    """Raised when an attempt is opened for an order that is paid or held in full."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened at a provider."""

    kind: PaymentEvent.Kind
    stage: PaymentEvent.Stage
    amount: Decimal
    reference: str
    message: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


# What is owed, and what is there


def due(order: Order) -> Decimal:
    """What an order costs after what was taken off before anybody paid it."""
    unpaid: Decimal = GrantedRefund.objects.filter(order=order).aggregate(
        unpaid=Sum("unpaid", default=ZERO)
    )["unpaid"]
    return order.total - unpaid


def left_to_pay(order: Order) -> Decimal:
    """What no payment of the order has charged or holds.

    Money that is being taken is held until it is there; what a buyer's bank took back is not
    asked of the buyer again.
    """
    found: tuple[Decimal, Decimal] = TAKEN.first(order=order.pk)
    taken, unpaid = found
    return max(ZERO, order.total - unpaid - taken)


def _taken(order: int) -> "QuerySet[Order, Any]":
    """What payments have charged or hold, and what was taken off unpaid."""
    nothing = Value(ZERO, DecimalField())
    rows = Payment.objects.filter(order=OuterRef("pk")).order_by().values("order")
    grants = GrantedRefund.objects.filter(order=OuterRef("pk")).order_by().values("order")
    return Order.objects.filter(pk=order).values_list(
        Coalesce(
            Subquery(rows.annotate(sum=Sum(F("charged") + F("authorized"))).values("sum")), nothing
        ),
        Coalesce(Subquery(grants.annotate(sum=Sum("unpaid")).values("sum")), nothing),
    )


TAKEN = Prepared(_taken)


def take_left(payment: Payment) -> Decimal:
    """What may still be taken of a hold."""
    return payment.authorized - payment.charge_pending


def give_back_left(payment: Payment) -> Decimal:
    """What may still go back: not what is on its way, nor what the buyer's bank has taken."""
    left = payment.charged - payment.refunded - payment.refund_pending - payment.disputed
    return max(ZERO, left)


def _sums(order: Order) -> dict[str, Decimal]:
    return Payment.objects.filter(order=order).aggregate(
        charged=Sum("charged", default=ZERO),
        refunded=Sum("refunded", default=ZERO),
        held=Sum("authorized", default=ZERO),
    )


# Attempts


@transaction.atomic
def open_attempt(
    *, order: Order, provider: str, now: dt.datetime, asked: Mapping[str, Any] | None = None
) -> Payment:
    """The attempt that may be charged for what is left: the open one, else the next.

    The request is on record before any provider hears of it, so that a crash leaves a trace, with
    what is `asked` of the provider, so that it is asked again in the same words. An open attempt
    at another amount is closed. Raises NothingLeft.
    """
    # Two clicks at once open one attempt.
    locked(Order.objects.filter(pk=order.pk))
    amount = left_to_pay(order)
    if not amount:
        raise NothingLeft(_("Nothing is left to pay."))
    attempts = Payment.objects.filter(order=order, provider=provider)
    if current := _current(attempts.filter(is_open=True), amount, now):
        return current
    last = attempts.aggregate(last=Max("attempt"))["last"] or 0
    payment = Payment(
        order=order,
        provider=provider,
        attempt=last + 1,
        amount=amount,
        currency=order.currency,
        is_manual=_holds_first(order, provider),
        created_at=now,
    )
    return _opened(payment, asked or {})


def open_first(*, order: Order, provider: str, amount: Decimal, now: dt.datetime) -> Payment:
    """The first attempt of an order that this transaction has written: nobody else knows it yet.

    For money that no provider is asked for. amount: what of the order is left to pay.
    """
    payment = Payment(
        order=order, provider=provider, amount=amount, currency=order.currency, created_at=now
    )
    return _opened(payment, {})


def _opened(payment: Payment, asked: Mapping[str, Any]) -> Payment:
    """Write an attempt with its request: a new fact that moves no sums and is not booked."""
    request = PaymentEvent(
        payment=payment,
        kind=Kind.AUTHORIZE if payment.is_manual else Kind.CHARGE,
        stage=Stage.REQUEST,
        amount=payment.amount,
        provider=payment.provider,
        provider_ref=payment.idempotency_key,
        data=dict(asked),
        at=payment.created_at,
    )
    insert_together([payment], [request])
    return payment


def _holds_first(order: Order, provider: str) -> bool:
    """Whether money is held now and taken when the goods leave. What is not sent is paid at once."""
    if not gateway(provider).is_online:
        return False
    method = PaymentMethod.objects.filter(code=provider, capture=PaymentMethod.Capture.MANUAL)
    return method.exists() and order.lines.filter(is_shipped=True).exists()


def _current(attempts: "QuerySet[Payment]", amount: Decimal, now: dt.datetime) -> Payment | None:
    """The newest open attempt at this amount; all at other amounts must not be paid any more."""
    found = None
    for payment in attempts.order_by("attempt"):
        if payment.amount == amount:
            found = payment
        else:
            stop(payment=payment, message=_("Another amount is to be paid."), now=now)
    return found


def stop(*, payment: Payment, message: str, now: dt.datetime) -> None:
    """Close an attempt; when a provider may know it, owe the provider the news first.

    One without a reference may be known as well: the answer that brought it was lost.
    """
    if not payment.provider_ref and not gateway(payment.provider).is_online:
        close(payment=payment, message=message, now=now)
        return
    key = f"payment-{payment.pk}-close"
    post(topic="payments.close", key=key, payload={"payment_id": payment.pk}, now=now)
    delivery.ring()


def name_reference(*, payment: Payment, reference: str) -> None:
    """Keep what the provider calls this payment."""
    Payment.objects.filter(pk=payment.pk).update(provider_ref=reference)
    payment.provider_ref = reference


def lock(*, payment_id: int) -> Payment:
    """The payment, held for this transaction. Lock its order first."""
    found = locked(Payment.objects.filter(pk=payment_id))
    if not found:
        raise Payment.DoesNotExist(payment_id)
    return found[0]


@transaction.atomic
def record(*, payment: Payment, fact: Fact, now: dt.datetime) -> bool:
    """Add a fact to the log once, fold the sums, and book it. False when it was known."""
    event, is_new = PaymentEvent.objects.get_or_create(
        provider=payment.provider,
        provider_ref=fact.reference,
        kind=fact.kind,
        stage=fact.stage,
        defaults={
            "payment": payment,
            "amount": fact.amount,
            "message": fact.message[:200],
            "data": dict(fact.data),
            "at": now,
        },
    )
    if is_new:
        _fold(payment)
        money.post_event(event=event)
    return is_new


Seen = tuple[str, str, str, Decimal]


def _fold(payment: Payment) -> None:
    """The sums of a payment, from its log. Each request is answered under its own reference."""
    rows = PaymentEvent.objects.filter(payment=payment)
    seen: list[Seen] = list(rows.values_list("kind", "stage", "provider_ref", "amount"))
    held, voided = _sum(seen, Kind.AUTHORIZE), _sum(seen, Kind.VOID)
    failed = _refs(seen, Kind.REFUND, Stage.FAILURE)
    refunded = failed | _refs(seen, Kind.REFUND, Stage.SUCCESS)
    payment.charged = _sum(seen, Kind.CHARGE)
    payment.authorized = max(ZERO, held - voided - payment.charged)
    # A refund that was done and failed later is money that never left.
    payment.refunded = _sum(seen, Kind.REFUND, Stage.SUCCESS, lambda ref: ref not in failed)
    payment.refund_pending = _sum(seen, Kind.REFUND, Stage.REQUEST, lambda ref: ref not in refunded)
    back = _sum(seen, Kind.CHARGE_BACK, Stage.FAILURE)
    payment.disputed = max(ZERO, _sum(seen, Kind.CHARGE_BACK, Stage.REQUEST) - back)
    payment.charge_pending = min(_being_taken(payment, seen), payment.authorized)
    # Stored value is asked for nothing more once it is held; neither is a card.
    if payment.charged or voided or (held and payment.is_manual):
        payment.is_open = False
    payment.save(update_fields=FOLDED)


FOLDED = [
    "authorized",
    "charge_pending",
    "charged",
    "refund_pending",
    "refunded",
    "disputed",
    "is_open",
]


def _being_taken(payment: Payment, seen: Iterable[Seen]) -> Decimal:
    """Of a hold: asked, and not answered. The charge of an attempt is asked for with its page."""
    if not payment.is_manual:
        return ZERO
    answered = _refs(seen, Kind.CHARGE, Stage.SUCCESS) | _refs(seen, Kind.CHARGE, Stage.FAILURE)
    # An attempt that was to be charged at once may be held all the same: its request is none of it.
    answered.add(payment.idempotency_key)
    return _sum(seen, Kind.CHARGE, Stage.REQUEST, lambda ref: ref not in answered)


def _refs(seen: Iterable[Seen], kind: str, stage: str) -> set[str]:
    return {
        ref for its_kind, its_stage, ref, _amount in seen if (its_kind, its_stage) == (kind, stage)
    }


def _sum(
    seen: Iterable[Seen],
    kind: str,
    stage: str = Stage.SUCCESS,
    counts: Callable[[str], bool] = bool,
) -> Decimal:
    rows = ((ref, amount) for its, at, ref, amount in seen if (its, at) == (kind, stage))
    return sum((amount for ref, amount in rows if counts(ref)), ZERO)


def close(*, payment: Payment, message: str, now: dt.datetime) -> None:
    """This attempt will not be charged any more."""
    payment.is_open = False
    payment.save(update_fields=["is_open"])
    record(
        payment=payment,
        fact=Fact(Kind.CHARGE, Stage.FAILURE, ZERO, payment.idempotency_key, message),
        now=now,
    )


@transaction.atomic
def refuse(*, payment: Payment, reference: str, message: str, now: dt.datetime) -> None:
    """The provider said no at once: nothing more comes of this attempt."""
    if reference:
        declined(payment=payment, reference=reference, message=message, now=now)
    close(payment=payment, message=message, now=now)


def declined(*, payment: Payment, reference: str, message: str, now: dt.datetime) -> bool:
    """A card was tried and refused, whatever comes of the attempt. False when it was known."""
    kind = Kind.AUTHORIZE if payment.is_manual else Kind.CHARGE
    fact = Fact(kind, Stage.FAILURE, payment.amount, reference, message)
    return record(payment=payment, fact=fact, now=now)


def last_refusal(order: Order) -> str:
    """Why the latest attempt of an unpaid order came to nothing, in the provider's words."""
    tries = PaymentEvent.objects.filter(payment__order=order, stage=Stage.FAILURE, amount__gt=0)
    kinds = tries.filter(kind__in=[Kind.AUTHORIZE, Kind.CHARGE])
    return kinds.order_by("-pk").values_list("message", flat=True).first() or ""


CLOSED = (Order.Status.CANCELED, Order.Status.EXPIRED)


def status_of(order: Order) -> str:
    """What the payments of an order add up to, as an Order.Payment value.

    While only a part is held, nothing has been paid yet: the rest may still be.
    """
    sums, owed = _sums(order), due(order)
    charged, refunded = sums["charged"], sums["refunded"]
    # More may have come in than was asked for, and the rest gone back.
    if charged - refunded >= owed and (charged > refunded or not order.total):
        return Order.Payment.PAID
    if _owes_more(order, owed - charged - sums["held"]) and charged:
        return Order.Payment.PARTIALLY_PAID
    if refunded:
        full = refunded >= charged
        return Order.Payment.REFUNDED if full else Order.Payment.PARTIALLY_REFUNDED
    if sums["held"] and charged + sums["held"] >= owed:
        return Order.Payment.AUTHORIZED
    if charged:
        return Order.Payment.PARTIALLY_PAID
    is_let_go = order.status in CLOSED and _was_held(order)
    return Order.Payment.VOIDED if is_let_go else Order.Payment.PENDING


def _owes_more(order: Order, rest: Decimal) -> bool:
    """Whether a sale is to be paid further, whatever went back of it: something was added."""
    return rest > ZERO and order.status == Order.Status.CONFIRMED


def _was_held(order: Order) -> bool:
    let_go = PaymentEvent.objects.filter(kind=Kind.VOID, stage=Stage.SUCCESS)
    return let_go.filter(payment__order=order).exists()


@dataclass(frozen=True, slots=True)
class PaidWith:
    """One way an order is paid, as the buyer and staff read it."""

    name: str
    amount: Decimal
    is_held: bool


def paid_with(order: Order) -> list[PaidWith]:
    """What has paid for an order, or is held for it, in the order it did."""
    rows = Payment.objects.filter(Q(charged__gt=0) | Q(authorized__gt=0), order=order)
    return [
        PaidWith(_name(one), one.charged or one.authorized, is_held=not one.charged)
        for one in rows.order_by("pk")
    ]


def _name(payment: Payment) -> str:
    name = gateway(payment.provider).name
    if payment.provider != ValueAccount.Kind.GIFT_CARD:
        return name
    account = ValueAccount.objects.get(pk=payment.provider_ref.partition("-")[0])
    return f"{name} …{account.last4}"
