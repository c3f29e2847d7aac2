"""Counting: a stock take is approved, and the shelves become what was found on them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.roles import is_owner
from inventory.models import CountLine, StockCount, StockMovement
from inventory.queries.differences import Difference, differences
from inventory.services import count_sheets, stock
from inventory.services.count_sheets import CountRefused
from inventory.services.stock import Changed, Lot, Why
from shop.processes.stocktaking import aftermath

Status = StockCount.Status


@dataclass(frozen=True, slots=True)
class Booked:
    """What an approval came to. is_new: False when it was booked before."""

    number: str
    is_new: bool
    changed: int = 0
    shortages: int = 0
    # Items of which some places were never counted: they stay as they are.
    left_out: int = 0


@transaction.atomic(durable=True)
def approve(*, count_id: int, actor: User, now: dt.datetime) -> Booked:
    """Book the differences of a count, once. Promises give way to what is there.

    What was found less than what was expected when it was counted is what changes today, so sales
    since then stay sales. Raises CountRefused for who counted it himself (the owner may), and
    while it is still being counted.
    """
    count = count_sheets.held(count_id)
    if count.status == Status.APPROVED:
        return Booked(count.number, is_new=False)
    if not may_approve(count, actor):
        raise CountRefused(_("Whoever counted can't approve it: ask somebody else, or the owner."))
    found = differences(count)
    changes = _book(count, found, actor, now)
    count_sheets.move(count, Status.APPROVED, now, actor)
    aftermath.settle(changes, now=now)
    return Booked(
        number=count.number,
        is_new=True,
        changed=sum(1 for changed in changes if changed.movements),
        shortages=sum(len(changed.shortages) for changed in changes),
        left_out=sum(1 for one in found if not one.is_whole),
    )


def may_approve(count: StockCount, actor: User) -> bool:
    """Four eyes: whoever wrote a figure on the sheet does not approve it, unless he owns the shop."""
    return is_owner(actor) or not count.lines.filter(counted_by=actor).exists()


def _book(
    count: StockCount, found: Sequence[Difference], actor: User, now: dt.datetime
) -> list[Changed]:
    wrong = [one for one in found if one.units]
    stock.hold(variant_ids={one.item.variant_id for one in wrong}, location=count.location)
    whole = [one for one in found if one.is_whole]
    for one in whole:
        one.book(0)
    changes = [_book_one(count, one, actor, now) for one in wrong]
    lines = [line for one in whole for line in one.lines]
    CountLine.objects.bulk_update(lines, ["difference"], batch_size=1000)
    return changes


def _book_one(count: StockCount, one: Difference, actor: User, now: dt.datetime) -> Changed:
    changed = stock.change_on_hand(
        variant_id=one.item.variant_id,
        change=max(one.units, -_there(one)),
        why=Why(
            kind=StockMovement.Kind.COUNT,
            now=now,
            reference=count.number,
            reason=one.note,
            actor=actor,
        ),
        location=count.location,
        batch=Lot(one.batch.code, one.batch.expires_on) if one.batch else None,
        take_back=True,
    )
    one.book(sum(movement.on_hand_change for movement in changed.movements))
    return changed


def _there(one: Difference) -> int:
    """What there is today of the item or its batch: no more than that can be found missing."""
    row = one.batch or one.item
    row.refresh_from_db(fields=["on_hand"])
    return row.on_hand
