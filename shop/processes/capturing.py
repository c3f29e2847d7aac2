"""Capturing: take money that is held when goods leave, or let it go; and hear the answers."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order, OrderLine
from orders.services import orders
from orders.services.orders import Move
from payments.gateways.base import Captured, Outcome, Voided
from payments.models import Capture, Payment
from payments.services import captures, payments, voids
from shipping.models import Fulfilment
from shop.lib.locks import locked
from shop.lib.money import ZERO, round_money
from shop.processes.checkout import settling

# By hand


@transaction.atomic(durable=True)
def request_capture(
    *, payment_id: int, amount: Decimal, is_final: bool, actor: User | None, now: dt.datetime
) -> Capture:
    """Take a part of what is held, or the last of it. Raises TooMuchTaken."""
    payment = _lock(payment_id)[1]
    return captures.request(payment=payment, amount=amount, is_final=is_final, actor=actor, now=now)


@transaction.atomic(durable=True)
def request_void(*, payment_id: int, reason: str, actor: User | None, now: dt.datetime) -> str:
    """Let a hold go. Raises NothingHeld."""
    payment = _lock(payment_id)[1]
    return voids.request(payment=payment, reason=reason, actor=actor, now=now)


# With the goods


def held(*, order: Order) -> list[Payment]:
    """The payments of an order that a provider holds money for, locked; the order must be."""
    rows = locked(Payment.objects.filter(order=order))
    return [one for one in rows if one.is_manual and payments.take_left(one) > ZERO]


def for_parcel(*, order: Order, parcel: Fulfilment, now: dt.datetime) -> None:
    """Owe the taking of what a parcel that has just left is worth. The order must be locked.

    With the first goes what is not sent: delivery, files, keys. With the last goes all that is
    left to pay, and the rest of the hold is let go. Where the card's bank allows one taking only,
    the earlier ones are refused and the last takes everything.
    """
    is_last = not any(line.is_shipped and line.unfulfilled for line in order.lines.all())
    wanted = _unpaid(order) if is_last else min(_worth(order, parcel), _unpaid(order))
    _take(order, wanted, is_last=is_last, now=now)


def for_rest(*, order: Order, now: dt.datetime) -> None:
    """Nothing more will leave: take what is still owed, let the rest of the hold go.

    The order must be locked.
    """
    _take(order, max(ZERO, _unpaid(order)), is_last=True, now=now)


def _take(order: Order, wanted: Decimal, *, is_last: bool, now: dt.datetime) -> None:
    for payment in held(order=order):
        amount = min(wanted, payments.take_left(payment))
        wanted -= max(ZERO, amount)
        if amount > ZERO:
            captures.request(payment=payment, amount=amount, is_final=is_last, actor=None, now=now)
        elif is_last and not payment.charge_pending:
            voids.request(payment=payment, reason="", actor=None, now=now)


def _unpaid(order: Order) -> Decimal:
    """What is neither taken nor being taken."""
    rows = Payment.objects.filter(order=order)
    return payments.due(order) - sum((one.charged + one.charge_pending for one in rows), ZERO)


def _worth(order: Order, parcel: Fulfilment) -> Decimal:
    """The gross of a parcel's lines; parts of a line add up to the whole of it, to the cent."""
    contents = list(parcel.lines.select_related("order_line"))
    worth = sum((_share(order, one.order_line, one.quantity) for one in contents), ZERO)
    return worth + (_not_sent(order) if _is_first(parcel) else ZERO)


def _is_first(parcel: Fulfilment) -> bool:
    """Whether nothing of its order left before it; numbers say nothing, parcels overtake others."""
    sent = Fulfilment.objects.filter(order=parcel.order_id, shipped_at__isnull=False)
    return not sent.exclude(pk=parcel.pk).exists()


def _share(order: Order, line: OrderLine, units: int) -> Decimal:
    """Of a line that has these units in its latest parcel: up to here, less up to before."""
    up_to, before = (
        round_money(line.gross * count / line.quantity, order.currency)
        for count in (line.fulfilled, line.fulfilled - units)
    )
    return up_to - before


def _not_sent(order: Order) -> Decimal:
    lines = OrderLine.objects.filter(order=order, is_shipped=False)
    return order.shipping_gross + sum((line.gross for line in lines), ZERO)


# Answers


@transaction.atomic(durable=True)
def capture_answered(*, capture_id: int, answer: Captured, now: dt.datetime) -> None:
    """Write down what a provider said to a taking, and what that makes of the order."""
    payment_id = Capture.objects.values_list("payment_id", flat=True).get(pk=capture_id)
    order, payment = _lock(payment_id)
    capture = locked(Capture.objects.filter(pk=capture_id))[0]
    capture.payment = payment
    if not captures.settle(capture=capture, answer=answer, now=now):
        return
    if answer.outcome == Outcome.REFUSED:
        text = _("%(amount)s could not be taken: %(reason)s")
        amount = f"{capture.amount} {payment.currency}"
        words = text % {"amount": amount, "reason": answer.message}
        orders.note(order=order, text=words, move=Move(now=now))
    settling.moved(order=order, now=now)


@transaction.atomic(durable=True)
def void_answered(*, payment_id: int, answer: Voided, now: dt.datetime) -> None:
    """Write down what a provider said to letting go. A no is looked into by the caller."""
    order, payment = _lock(payment_id)
    if voids.settle(payment=payment, answer=answer, now=now) and answer.outcome == Outcome.DONE:
        settling.moved(order=order, now=now)


def _lock(payment_id: int) -> tuple[Order, Payment]:
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    order = orders.lock(order_id=order_id)
    return order, payments.lock(payment_id=payment_id)
