"""Calls that a buyer gets before an order moves on: asked for, tried, over."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _

from orders.models import CallAttempt, CallTask, Hold, Order
from orders.services import orders
from orders.services.orders import Move
from shop.lib.locks import locked
from shop.templatetags.shop_text import money

# So often nobody answers before it is given up, and so long after a try comes the next.
MOST_TRIES = 3
PAUSE = dt.timedelta(hours=2)
Outcome = CallTask.Outcome
Result = CallAttempt.Result
UNREACHED = (Result.NO_ANSWER, Result.WRONG_NUMBER)


def ask(*, order: Order, reason: str, move: Move) -> CallTask:
    """Have a buyer called before the order moves on; an open call is asked for once.

    The order must be locked; it is on hold until the call has an outcome.
    """
    known = open_call(order)
    if known is not None:
        return known
    orders.hold(order=order, kind=Hold.Kind.CALL, reason=reason, move=move)
    return CallTask.objects.create(
        order=order,
        reason=reason[:200],
        phone=order.phone,
        script=script(order),
        due_at=move.now,
        created_at=move.now,
    )


def open_call(order: Order) -> CallTask | None:
    found = locked(CallTask.objects.filter(order=order, closed_at=None))
    return found[0] if found else None


def script(order: Order) -> str:
    """What to say, with the order's own facts in it."""
    return _(
        "Hello, this is %(shop)s. Do I speak to %(name)s?\n"
        "You ordered for %(total)s, order number %(number)s. Is that right?\n"
        "We send it to: %(address)s. Is the address complete?\n"
        "Shall we send it?"
    ) % {
        "shop": settings.SHOP["name"],
        "name": order.name,
        "total": money(order.total, order.currency),
        "number": order.number,
        "address": ", ".join([*order.address_lines[1:], order.country]),
    }


def attempt(*, task: CallTask, result: str, move: Move) -> CallAttempt:
    """Write down that the phone rang. The order must be locked."""
    made = CallAttempt.objects.create(
        task=task, result=result, note=move.note[:300], made_by=move.actor, made_at=move.now
    )
    orders.event(task.order, axis="call", to_state=result, move=move)
    return made


def is_given_up(task: CallTask) -> bool:
    """Whether nobody was reached as often as we try."""
    return task.attempts.filter(result__in=UNREACHED).count() >= MOST_TRIES


def postpone(*, task: CallTask, until: dt.datetime, phone: str = "") -> None:
    """Call again later; phone: under another number."""
    task.due_at = until
    task.phone = phone or task.phone
    task.save(update_fields=["due_at", "phone"])


def close(*, task: CallTask, outcome: str, move: Move) -> None:
    """The call is over, and the order does not wait for it any more. The order must be locked."""
    task.closed_at, task.outcome = move.now, outcome
    task.save(update_fields=["closed_at", "outcome"])
    for hold in orders.holds(task.order).filter(kind=Hold.Kind.CALL):
        orders.release(hold=hold, move=move)


def drop(*, order: Order, move: Move) -> None:
    """Nobody needs to be called about an order that is closed. It must be locked."""
    task = open_call(order)
    if task is not None:
        close(task=task, outcome=Outcome.GIVEN_UP, move=Move(move.now, move.actor))
