"""Missing: a piece that was looked for and is not there is left out, and the stock says so."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import StockItem, StockMovement
from inventory.services.stock import Why
from orders.services.orders import Move
from shipping.models import PickTask
from shipping.services import parcels, picks, waves
from shop.processes import assigning
from shop.processes.picking.scanning import WrongPiece, hold
from shop.processes.stocktaking import correct


@transaction.atomic(durable=True)
def short(
    *, task_id: int, units: int, reason: str = "", actor: User | None, now: dt.datetime
) -> PickTask:
    """Units that were looked for and are not there: out of the parcel, off the stock, told.

    Whoever is promised them is short, and asked. Raises WrongPiece for more than are left to pick.
    """
    known = PickTask.objects.filter(pk=task_id).select_related("line__fulfilment").first()
    if known is None:
        raise WrongPiece(_("This pick is not wanted any more."))
    task, move = hold(known), Move(now, actor, reason)
    if not 1 <= units <= task.quantity - task.picked - task.short:
        raise WrongPiece(_("Say how many of those left to pick are missing."))
    task.short += units
    picks.write(task=task, move=move)
    _leave_out(task, units, move)
    _correct(task, units, move)
    assigning.fit(order=task.line.fulfilment.order, move=move)
    waves.settle(wave_id=task.wave_id, move=move)
    return task


def _leave_out(task: PickTask, units: int, move: Move) -> None:
    """Take what can't be sent out of the parcel: whole units of the line, a bundle with its parts."""
    fulfilment, line = task.line.fulfilment, task.line
    each = picks.pieces_of(line.order_line)[task.variant_id]
    words = _("%(units)s × %(sku)s not found in %(bin)s.") % {
        "units": units,
        "sku": task.variant.sku,
        "bin": task.bin or _("any bin"),
    }
    parcels.note(fulfilment=fulfilment, words=f"{words} {move.note}".strip(), move=move)
    out = -(-units // each)
    assigning.take_out(fulfilment=fulfilment, units={line.order_line_id: out}, move=move)


def _correct(task: PickTask, units: int, move: Move) -> None:
    place = task.wave.location
    there = StockItem.objects.filter(variant=task.variant_id, location=place).values("on_hand")
    missing = min(units, sum(one["on_hand"] for one in there))
    if not missing:
        return
    why = Why(
        kind=StockMovement.Kind.ADJUSTMENT,
        now=move.now,
        reference=task.wave.number,
        reason=move.note or _("Not found while picking"),
        actor=move.actor,
    )
    correct(variant_id=task.variant_id, why=why, change=-missing, location=place, take_back=True)
