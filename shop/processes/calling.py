"""Calling: what the buyer said on the telephone moves the order on, or calls it off."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import CallTask, Hold, Order
from orders.services import calls, orders
from orders.services.calls import Outcome, Result, ask
from orders.services.orders import Move
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.processes import fulfilment, verifying

__all__ = ["AlreadyCalled", "ask", "record"]


class AlreadyCalled(Refused):
    """Raised when a call has its outcome: a colleague was faster."""


@transaction.atomic(durable=True)
def record(
    *,
    task_id: int,
    result: str,
    note: str = "",
    call_again_at: dt.datetime | None = None,
    phone: str = "",
    actor: User | None,
    now: dt.datetime,
) -> CallTask:
    """Write down how a call went. Said yes: the order goes on; said no: it is called off.

    phone: the right number, after a wrong one. Raises AlreadyCalled, and NotNow for a "no" to
    something that has left.
    """
    order_id = CallTask.objects.values_list("order_id", flat=True).get(pk=task_id)
    order, move = orders.lock(order_id=order_id), Move(now, actor, note)
    task = locked(CallTask.objects.filter(pk=task_id))[0]
    task.order = order
    if task.closed_at is not None:
        raise AlreadyCalled(_("This call has its outcome already."))
    calls.attempt(task=task, result=result, move=move)
    if result == Result.CONFIRMED:
        _go_on(task, move)
    elif result == Result.CANCELED:
        _call_off(task, Outcome.CANCELED, Move(now, actor, note or _("Cancelled on the phone.")))
    elif calls.is_given_up(task):
        _give_up(task, Move(now, actor, _("Never reached on the phone.")))
    else:
        calls.postpone(task=task, until=call_again_at or now + calls.PAUSE, phone=phone)
    return task


def _go_on(task: CallTask, move: Move) -> None:
    calls.close(task=task, outcome=Outcome.CONFIRMED, move=move)
    verifying.go_on(task.order, move)


def _call_off(task: CallTask, outcome: str, move: Move) -> None:
    calls.close(task=task, outcome=outcome, move=move)
    fulfilment.call_off(order=task.order, move=move)


def _give_up(task: CallTask, move: Move) -> None:
    """Nothing is sent unseen; where money is in, a person decides what becomes of it."""
    order = task.order
    if order.payment_status == Order.Payment.PENDING and order.can_cancel:
        _call_off(task, Outcome.GIVEN_UP, move)
        return
    orders.hold(order=order, kind=Hold.Kind.OTHER, reason=move.note, move=move)
    calls.close(task=task, outcome=Outcome.GIVEN_UP, move=move)
