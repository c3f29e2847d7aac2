"""Goods on their way between our locations: sent, received, and what was lost in between."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import Batch, StockItem, StockMovement, Transfer, TransferLine
from inventory.services import stock
from inventory.services.stock import Changed, Lot, Why
from inventory.services.transfers import Status, TransferRefused, held, move

Kind = StockMovement.Kind


@transaction.atomic
def leave(*, transfer_id: int, actor: User | None, now: dt.datetime) -> list[Changed]:
    """Take the goods from the source. Raises TransferRefused when units promised would go along.

    Of a tracked variant, the batches that went are lines of their own from here on.
    """
    transfer = held(transfer_id)
    lines = list(transfer.lines.select_related("batch", "variant").order_by("variant", "pk"))
    if not lines:
        raise TransferRefused(_("There is nothing on this transfer yet."))
    move(transfer, Status.IN_TRANSIT, now, actor)
    stock.hold(variant_ids=_variants(lines), location=transfer.source)
    _all_free(transfer, lines)
    why = Why(
        kind=Kind.TRANSFER,
        now=now,
        reference=transfer.number,
        reason=_("To %(place)s") % {"place": transfer.target},
        actor=actor,
    )
    changes = []
    for line in lines:
        changed = stock.change_on_hand(
            variant_id=line.variant_id,
            change=-line.quantity,
            why=why,
            location=transfer.source,
            batch=_lot(line.batch),
        )
        _split(line, changed.movements)
        changes.append(changed)
    return changes


def _all_free(transfer: Transfer, lines: list[TransferLine]) -> None:
    wanted: dict[int, int] = {}
    for line in lines:
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    rows = StockItem.objects.filter(location=transfer.source, variant__in=wanted)
    free = {item.variant_id: item.on_hand - item.allocated - item.reserved for item in rows}
    for line in lines:
        if free.get(line.variant_id, 0) < wanted[line.variant_id]:
            words = _("%(sku)s: %(free)s can leave %(place)s; the rest is promised or not there.")
            left = max(0, free.get(line.variant_id, 0))
            told = {"sku": line.variant.sku, "free": left, "place": transfer.source}
            raise TransferRefused(words % told)


def _split(line: TransferLine, movements: list[StockMovement]) -> None:
    """Let a line say which batches went; a line that named its batch knows already."""
    went = {m.batch_id: -m.on_hand_change for m in movements if m.batch_id and m.on_hand_change}
    if line.batch_id or not went:
        return
    transfer, variant = line.transfer, line.variant
    line.delete()
    for batch_id, units in went.items():
        named = transfer.lines.filter(variant=variant, batch=batch_id).first()
        if named:
            named.quantity += units
            named.save(update_fields=["quantity"])
        else:
            transfer.lines.create(variant=variant, batch_id=batch_id, quantity=units)


@transaction.atomic
def arrive(
    *, transfer_id: int, received: Mapping[int, int], actor: User | None, now: dt.datetime
) -> list[Changed]:
    """Put what came on the shelf of the target: {line id: units}; a line left out came whole.

    What did not come arrives and is written off at once, so that its loss has a movement and a
    value. Raises TransferRefused for more than was sent, and when it was received before.
    """
    transfer = held(transfer_id)
    lines = list(transfer.lines.select_related("batch", "variant").order_by("variant", "pk"))
    move(transfer, Status.RECEIVED, now, actor)
    stock.hold(variant_ids=_variants(lines), location=transfer.target)
    changes: list[Changed] = []
    for line in lines:
        came = received.get(line.pk, line.quantity)
        if not 0 <= came <= line.quantity:
            words = _("%(sku)s: %(sent)s were sent; no more can come.")
            raise TransferRefused(words % {"sku": line.variant.sku, "sent": line.quantity})
        line.received = came
        line.save(update_fields=["received"])
        changes += _put_away(transfer, line, actor, now)
    return changes


def _put_away(
    transfer: Transfer, line: TransferLine, actor: User | None, now: dt.datetime
) -> list[Changed]:
    came = _("From %(place)s") % {"place": transfer.source}
    steps = [(Kind.TRANSFER, line.quantity, came)]
    if lost := line.quantity - (line.received or 0):
        steps.append((Kind.ADJUSTMENT, -lost, _("Lost on the way")))
    return [
        stock.change_on_hand(
            variant_id=line.variant_id,
            change=change,
            why=Why(kind=kind, now=now, reference=transfer.number, reason=words, actor=actor),
            location=transfer.target,
            batch=_lot(line.batch),
        )
        for kind, change, words in steps
    ]


def _lot(batch: Batch | None) -> Lot | None:
    return Lot(code=batch.code, expires_on=batch.expires_on) if batch else None


def _variants(lines: list[TransferLine]) -> list[int]:
    return sorted({line.variant_id for line in lines})
