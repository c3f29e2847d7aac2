"""Answering: agree to a return, let its goods be kept, or say why not."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import Location
from inventory.services import stock
from orders.models import Return, ReturnLine
from orders.services import returns
from orders.services.orders import Move
from shop.lib.errors import Refused
from shop.lib.workdays import shop_day
from shop.outbox import delivery as outbox
from shop.outbox.models import post
from shop.processes.returns import at_once as in_advance
from shop.processes.returns import exchanging, settling, telling

Status, Way = Return.Status, Return.Way
SEND_WITHIN = dt.timedelta(days=14)


class NoReason(Refused):
    """Raised when somebody is told no without a why."""


class NotNow(Refused):
    """Raised when a return's state does not allow what was asked."""


@transaction.atomic(durable=True)
def approve(
    *,
    rma_id: int,
    actor: User | None,
    now: dt.datetime,
    way: str = "",
    at_once: bool = False,
) -> Return:
    """Agree to a return. way: a Return.Way, as asked for unless told; KEEP settles it too.

    at_once: what is wanted instead is sent before the goods are back. Raises NotNow.
    """
    _order, rma = returns.lock(rma_id=rma_id)
    check(rma, Status.APPROVED)
    move = Move(now, actor)
    if way == Way.KEEP:
        if rma.wish == Return.Wish.EXCHANGE:
            raise NotNow(_("What is exchanged comes back."))
        let_keep(rma=rma, move=move)
        return rma
    rma.way = way or rma.way
    approve_within(rma=rma, move=move, at_once=at_once)
    return rma


def approve_within(*, rma: Return, move: Move, at_once: bool = False) -> None:
    """The same within a transaction that holds order and return."""
    rma.send_by = shop_day(move.now) + SEND_WITHIN
    rma.location = rma.location or place_for_returns()
    if rma.way == Way.OWN and is_at_our_cost(rma):
        rma.way = Way.LABEL
    returns.move_to(rma=rma, status=Status.APPROVED, move=move)
    if rma.wish == Return.Wish.EXCHANGE:
        exchanging.agree(rma=rma, move=move, at_once=at_once)
    if at_once:
        in_advance.advance(rma=rma, move=move)
    if rma.way == Way.LABEL:
        owe_label(rma, move)
    if rma.kind != Return.Kind.WITHDRAWAL:
        telling.owe(rma, "return_approved", move.now)


def owe_label(rma: Return, move: Move) -> None:
    """Have a label bought for the way back, outside of this transaction."""
    payload = {"rma_id": rma.pk}
    post(topic="returns.label", key=f"{rma.number}-label", payload=payload, now=move.now)
    outbox.ring()


def is_at_our_cost(rma: Return) -> bool:
    """Whether something of it was our fault: then its way back costs the customer nothing."""
    return ReturnLine.objects.filter(rma=rma, reason__is_our_fault=True).exists()


def place_for_returns() -> Location:
    """The first place of our own."""
    ours = Location.objects.exclude(kind=Location.Kind.PARTNER).filter(is_active=True)
    return ours.order_by("position", "pk").first() or stock.default_location()


def let_keep(*, rma: Return, move: Move) -> None:
    """Give the money and let the goods be: sending them costs more than they are worth."""
    rma.way = Way.KEEP
    returns.move_to(rma=rma, status=Status.APPROVED, move=move)
    telling.owe(rma, "return_approved", move.now)
    settling.settle_within(rma=rma, move=move)


@transaction.atomic(durable=True)
def decline(*, rma_id: int, reason: str, actor: User | None, now: dt.datetime) -> Return:
    """Say no, and why; the buyer reads it. Raises NotNow, NoReason."""
    if not reason.strip():
        raise NoReason(_("Say why; the customer reads it."))
    _order, rma = returns.lock(rma_id=rma_id)
    check(rma, Status.DECLINED)
    if rma.kind == Return.Kind.WITHDRAWAL:
        raise NotNow(_("A withdrawal can't be declined."))
    rma.decline_reason = reason.strip()[:300]
    returns.move_to(rma=rma, status=Status.DECLINED, move=Move(now, actor, reason))
    exchanging.give_up(rma=rma, move=Move(now, actor))
    telling.owe(rma, "return_declined", now)
    return rma


@transaction.atomic(durable=True)
def cancel(*, rma_id: int, actor: User | None, now: dt.datetime) -> Return:
    """Call a return off before anything was sent. Raises NotNow."""
    _order, rma = returns.lock(rma_id=rma_id)
    check(rma, Status.CANCELED)
    if exchanging.was_sent(rma):
        raise NotNow(_("What was wanted instead is on its way: the goods have to come back."))
    returns.move_to(rma=rma, status=Status.CANCELED, move=Move(now, actor))
    exchanging.give_up(rma=rma, move=Move(now, actor))
    telling.owe(rma, "return_canceled", now)
    return rma


def check(rma: Return, status: str) -> None:
    """Raises NotNow."""
    if not returns.can(rma, status):
        words = _("%(number)s is %(state)s: that can't be done now.")
        state = rma.get_status_display().lower()
        raise NotNow(words % {"number": rma.number, "state": state})
