"""Asking: a return is written down, and where the rules say so agreed to at once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order, OrderRule, Return, ReturnLine
from orders.services import orders, return_policy, returns
from orders.services.orders import Move
from shop.lib.errors import Refused
from shop.processes import ruling
from shop.processes.returns import approving, exchanging, pictures, telling
from shop.processes.returns.estimating import estimate
from shop.processes.returns.wanted import Estimate, Photo, Wanted

Wish, Way = Return.Wish, Return.Way
WAYS = (Way.OWN, Way.LABEL, Way.COUNTER)


class CannotReturn(Refused):
    """Raised when the policy, or the state of the order, does not allow what was asked."""


@dataclass(frozen=True, slots=True)
class _Asked:
    wanted: Sequence[Wanted]
    wish: str
    way: str
    swaps: Mapping[int, int] = field(default_factory=dict)
    words: str = ""
    photos: Sequence[Photo] = ()
    key: str = ""


def request(
    *,
    order_id: int,
    wanted: Sequence[Wanted],
    wish: str,
    swaps: Mapping[int, int] | None = None,
    words: str = "",
    photos: Sequence[Photo] = (),
    key: str,
    actor: User | None,
    now: dt.datetime,
    way: str = Way.OWN,
) -> Return:
    """Ask for a return (or an exchange), once per key; rules may agree to it at once.

    wish: a Return.Wish; swaps: the variant wanted instead, by line. Raises CannotReturn,
    TooManyPhotos, PictureRefused.
    """
    if wish not in Wish or way not in WAYS:
        raise CannotReturn(_("Choose what you would like for it."))
    asked = _Asked(wanted, wish, way, swaps or {}, words, pictures.cleaned(photos), key)
    return _request(order_id, asked, Move(now, actor))


@transaction.atomic(durable=True)
def _request(order_id: int, asked: _Asked, move: Move) -> Return:
    order = orders.lock(order_id=order_id)
    if known := Return.objects.filter(order=order, key=asked.key).first():
        return known
    check_sold(order)
    chosen = [one for one in asked.wanted if one.units]
    found = estimate(order=order, wanted=chosen, wish=asked.wish, swaps=asked.swaps, now=move.now)
    if found.problems:
        raise CannotReturn(" ".join(found.problems))
    rma = _write(order, asked, found, move)
    write_lines(rma, chosen)
    if asked.wish == Wish.EXCHANGE:
        exchanging.write(rma=rma, estimate=found, move=move)
    pictures.keep(photos=asked.photos, order=order, now=move.now, rma=rma)
    returns.follow(order=order, move=Move(move.now, move.actor))
    when = OrderRule.When.RETURN_REQUESTED
    ruling.happened(order=order, when=when, occasion=rma.number, now=move.now)
    if not _agree(rma, chosen, found, move):
        telling.owe(rma, "return_requested", move.now)
    return rma


def check_sold(order: Order) -> None:
    """Raises CannotReturn."""
    if order.status not in (Order.Status.CONFIRMED, Order.Status.COMPLETED):
        raise CannotReturn(_("Nothing of this order can be sent back."))


def _write(order: Order, asked: _Asked, found: Estimate, move: Move) -> Return:
    rma = Return.objects.create(
        number=returns.next_number(),
        order=order,
        wish=asked.wish,
        way=asked.way,
        words=asked.words,
        expected=found.total,
        fee=found.fee,
        with_delivery=found.with_delivery,
        requested_by=move.actor,
        requested_at=move.now,
        key=asked.key,
    )
    returns.event(rma, to_state=rma.status, move=move)
    return rma


def write_lines(rma: Return, wanted: Sequence[Wanted]) -> None:
    codes = {one.code: one for one in return_policy.reasons()}
    ReturnLine.objects.bulk_create(
        ReturnLine(
            rma=rma,
            order_line_id=one.line_id,
            quantity=one.units,
            reason=codes.get(one.reason),
            note=one.note[:500],
        )
        for one in wanted
    )


def _agree(rma: Return, wanted: Sequence[Wanted], found: Estimate, move: Move) -> bool:
    """Approve by rule, below what every line's rule sets; below another sum it is kept."""
    chosen = rma.order.lines.filter(pk__in=[one.line_id for one in wanted])
    rules = return_policy.rules_of(rma.order, chosen)
    onwards = Move(move.now, None, _("Approved by rule."))
    if rma.wish != Wish.EXCHANGE and _is_below([one.keep_below for one in rules], found):
        approving.let_keep(rma=rma, move=onwards)
        return True
    if _is_below([one.approve_below for one in rules], found):
        approving.approve_within(rma=rma, move=onwards)
        return True
    return False


def _is_below(limits: Sequence[Decimal | None], found: Estimate) -> bool:
    return all(limit is not None and found.goods < limit for limit in limits)
