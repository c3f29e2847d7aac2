"""Parting: what does not travel together becomes two parcels."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.services.orders import Move
from shipping.models import Fulfilment, FulfilmentLine, PickTask
from shipping.services import parcels, picks
from shop.processes.picking.boxing import CannotPack, check, held


@transaction.atomic(durable=True)
def split(
    *, fulfilment_id: int, units: Mapping[int, int], actor: User | None, now: dt.datetime
) -> Fulfilment:
    """Part a parcel that is not closed yet: {order line id: units} travel in a new one.

    Raises WrongState, NotPicked, and CannotPack when nothing would move, or nothing stay.
    """
    order, fulfilment = held(fulfilment_id)
    check(order=order, fulfilment=fulfilment)
    move = Move(now, actor)
    lines = list(fulfilment.lines.select_related("order_line").order_by("pk"))
    out = [(line, units.get(line.order_line_id, 0)) for line in lines]
    _check(out)
    made = parcels.make(
        order=order,
        contents=[(line.order_line, count) for line, count in out if count],
        location=fulfilment.location,
        move=move,
        status=fulfilment.status,
    )
    Fulfilment.objects.filter(pk=made.pk).update(wave=fulfilment.wave)
    new = {line.order_line_id: line for line in made.lines.all()}
    for line, count in out:
        if count:
            _carry_over(line, new[line.order_line_id], move)
    words = _("Parted: parcel %(number)s has the rest.") % {"number": made.position}
    parcels.note(fulfilment=fulfilment, words=words, move=move)
    return made


def _check(out: list[tuple[FulfilmentLine, int]]) -> None:
    if any(not 0 <= count <= line.quantity for line, count in out):
        raise CannotPack(_("There are fewer units in this parcel."))
    if not any(count for _line, count in out) or all(count == line.quantity for line, count in out):
        raise CannotPack(_("Say what goes into the other parcel: something has to stay in this."))


def _carry_over(line: FulfilmentLine, into: FulfilmentLine, move: Move) -> None:
    """The units leave one parcel for the other, and so does what was picked for them."""
    each = picks.pieces_of(line.order_line)
    PickTask.objects.bulk_create(
        PickTask(
            wave=task.wave,
            line=into,
            variant_id=task.variant_id,
            bin=task.bin,
            position=task.position,
            quantity=into.quantity * each[task.variant_id],
            picked=into.quantity * each[task.variant_id],
            done_at=move.now,
            done_by=move.actor,
        )
        for task in PickTask.objects.filter(line=line).select_related("wave", "bin")
    )
    parcels.lessen(line=line, units=into.quantity, move=move)
