"""The legal right to withdraw: no reason, no "no". What has not left is stopped at once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Download, Order, OrderLine, Return
from orders.services import orders, returns
from orders.services.orders import Move
from shop.processes import fulfilment, picking, refunding
from shop.processes.returns import approving, telling
from shop.processes.returns.estimating import estimate
from shop.processes.returns.judging import verdicts
from shop.processes.returns.requesting import CannotReturn, write_lines
from shop.processes.returns.wanted import Wanted
from shop.processes.shortages import canceling

Status, Kind = Return.Status, Return.Kind


@dataclass
class _Parts:
    """Units by line: stopped before they are sent, given back as they are, to be sent back."""

    unsent: dict[int, int] = field(default_factory=dict)
    untouched: dict[int, int] = field(default_factory=dict)
    sent: list[Wanted] = field(default_factory=list)


@transaction.atomic(durable=True)
def withdraw(
    *,
    order_id: int,
    wanted: Sequence[Wanted] | None = None,
    words: str,
    key: str,
    now: dt.datetime,
    actor: User | None = None,
) -> Return:
    """Withdraw from an order, or from these of its lines; None: all that the law lets go back.

    Once per key; its receipt is owed at once. Raises CannotReturn when nothing is left to withdraw.
    """
    order = orders.lock(order_id=order_id)
    if known := Return.objects.filter(order=order, key=key).first():
        return known
    move = Move(now, actor, _("Withdrawn by the customer."))
    parts = _parts(order, wanted, now)
    number = returns.next_number()
    told = [words.strip(), _at_once_in_words(order, parts)]
    _stop_unsent(order, parts.unsent, number, move)
    _give_untouched(order, parts.untouched, number, move)
    rma = _write(
        order, parts, Return(number=number, key=key, words="\n".join(filter(None, told))), move
    )
    telling.owe(rma, "withdrawal_receipt", now)
    return rma


def _parts(order: Order, wanted: Sequence[Wanted] | None, now: dt.datetime) -> _Parts:
    known = verdicts(order=order, now=now)
    if wanted is None:
        wanted = [Wanted(pk, one.withdraw_units) for pk, one in known.items()]
    wanted = [one for one in wanted if one.units]
    if not wanted:
        raise CannotReturn(_("There is nothing (more) to withdraw from in this order."))
    lines = {line.pk: line for line in order.lines.all()}
    parts = _Parts()
    for one in wanted:
        verdict = known.get(one.line_id)
        if verdict is None or not 0 < one.units <= verdict.withdraw_units:
            raise CannotReturn(_("You can't withdraw from so many pieces (any more)."))
        now_gone = min(one.units, verdict.withdraw_at_once)
        if now_gone:
            is_to_come = lines[one.line_id].is_shipped or order.confirmed_at is None
            kind = parts.unsent if is_to_come else parts.untouched
            kind[one.line_id] = now_gone
        if one.units > now_gone:
            parts.sent.append(Wanted(one.line_id, one.units - now_gone, one.reason, one.note))
    return parts


def _at_once_in_words(order: Order, parts: _Parts) -> str:
    """What is off without coming back, for the receipt: it is in no line of the return."""
    units = parts.unsent | parts.untouched
    lines = order.lines.filter(pk__in=units).order_by("position", "pk")
    return "\n".join(
        _("%(count)s × %(piece)s: cancelled, nothing to send back.")
        % {"count": units[line.pk], "piece": line.title}
        for line in lines
    )


def _stop_unsent(order: Order, units: Mapping[int, int], number: str, move: Move) -> None:
    """Whatever the house has begun with: nothing of it is sent."""
    if not units:
        return
    if order.confirmed_at is None:
        _call_off(order, units, move)
        return
    picking.make_room(order=order, units=units, move=move, force=True)
    canceling.drop(order=order, units=units, key=f"{number}-unsent", move=move)


def _call_off(order: Order, units: Mapping[int, int], move: Move) -> None:
    """Of an order that is no sale yet only all can be withdrawn from. Raises CannotReturn."""
    if any(line.unfulfilled > units.get(line.pk, 0) for line in order.lines.all()):
        raise CannotReturn(_("This order is not confirmed yet: only all of it can be cancelled."))
    fulfilment.call_off(order=order, move=move)


def _give_untouched(order: Order, units: Mapping[int, int], number: str, move: Move) -> None:
    """Files are closed, cards emptied, and what they cost goes back."""
    if not units or order.status == Order.Status.CANCELED:
        return
    refunding.grant_units(
        order=order, units=units, with_delivery=False, key=f"{number}-unused", move=move
    )
    whole = [
        line.pk
        for line in OrderLine.objects.filter(pk__in=units)
        if units[line.pk] >= line.quantity - line.canceled
    ]
    Download.objects.filter(line__in=whole).update(expires_at=move.now)


def _write(order: Order, parts: _Parts, rma: Return, move: Move) -> Return:
    found = estimate(
        order=order,
        wanted=parts.sent,
        wish=Return.Wish.REFUND,
        now=move.now,
        is_withdrawal=True,
    )
    rma.order, rma.kind, rma.expected = order, Kind.WITHDRAWAL, found.total
    rma.with_delivery = found.with_delivery
    rma.requested_by, rma.requested_at = move.actor, move.now
    rma.save()
    returns.event(rma, to_state=rma.status, move=move)
    write_lines(rma, parts.sent)
    onwards = Move(move.now, move.actor)
    approving.approve_within(rma=rma, move=onwards)
    if not parts.sent:
        returns.move_to(rma=rma, status=Status.CLOSED, move=onwards)
    return rma
