"""Receiving and looking: what was in the parcel, and what becomes of each unit."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import Location
from orders.models import OrderLine, Return, ReturnCheck, ReturnLine
from orders.services import returns
from orders.services.orders import Move
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.processes.returns import approving, at_once, restocking, telling
from shop.processes.returns.wanted import Found

Status = Return.Status
Disposition = ReturnCheck.Disposition


class BadCount(Refused):
    """Raised when more (or other) units are counted than were asked back."""


@transaction.atomic(durable=True)
def receive(
    *,
    rma_id: int,
    units: Mapping[int, int] | None,
    actor: User | None,
    now: dt.datetime,
    location: Location | None = None,
) -> Return:
    """A parcel is here: {return line id: units}, None: all of it. Raises NotNow, BadCount."""
    _order, rma = returns.lock(rma_id=rma_id)
    approving.check(rma, Status.RECEIVED)
    if rma.way == Return.Way.KEEP:
        raise approving.NotNow(_("These goods are kept by the customer."))
    if rma.status == Status.EXPIRED and at_once.is_advanced(rma):
        raise approving.NotNow(_("These were charged for: give the money back on the order."))
    lines = returns.lines_of(rma)
    for line in lines:
        line.received = line.quantity if units is None else units.get(line.pk, 0)
        free = line.order_line.fulfilled - line.order_line.returned
        if not 0 <= line.received <= min(line.quantity, free):
            raise BadCount(_("At most %(count)s of a line can come back.") % {"count": free})
    if not any(line.received for line in lines):
        raise BadCount(_("Say what was in the parcel."))
    ReturnLine.objects.bulk_update(lines, ["received"])
    rma.location = location or rma.location or approving.place_for_returns()
    returns.move_to(rma=rma, status=Status.RECEIVED, move=Move(now, actor))
    telling.owe(rma, "return_received", now)
    return rma


@transaction.atomic(durable=True)
def inspect(*, rma_id: int, found: Sequence[Found], actor: User | None, now: dt.datetime) -> Return:
    """Say what became of every unit that was received. Only what is restocked is sold again.

    Raises NotNow, BadCount.
    """
    _order, rma = returns.lock(rma_id=rma_id)
    approving.check(rma, Status.INSPECTED)
    lines = {line.pk: line for line in returns.lines_of(rma)}
    known = [one for one in found if one.units]
    _check_counts(lines, known)
    ReturnCheck.objects.bulk_create(
        ReturnCheck(
            line=lines[one.line_id],
            disposition=one.disposition,
            quantity=one.units,
            is_refused=one.is_refused,
            note=one.note[:300],
            checked_by=actor,
            checked_at=now,
        )
        for one in known
    )
    move = Move(now, actor)
    _count_returned(lines, known)
    restocking.restock(rma=rma, lines=lines, found=known, move=move)
    returns.move_to(rma=rma, status=Status.INSPECTED, move=move)
    return rma


def _check_counts(lines: Mapping[int, ReturnLine], found: Sequence[Found]) -> None:
    counted: Counter[int] = Counter()
    for one in found:
        if one.line_id not in lines or one.units < 0 or one.disposition not in Disposition:
            raise BadCount(_("That is not part of this return."))
        counted[one.line_id] += one.units
    for pk, line in lines.items():
        if counted[pk] != line.received:
            words = _("%(piece)s: say what became of %(count)s units.")
            raise BadCount(words % {"piece": line.order_line.sku, "count": line.received})


def _count_returned(lines: Mapping[int, ReturnLine], found: Sequence[Found]) -> None:
    """Units that came back, whatever their state."""
    came: dict[int, int] = defaultdict(int)
    for one in found:
        if one.disposition != Disposition.MISSING:
            came[lines[one.line_id].order_line_id] += one.units
    rows = locked(OrderLine.objects.filter(pk__in=came))
    for row in rows:
        row.returned += came[row.pk]
    OrderLine.objects.bulk_update(rows, ["returned"])
