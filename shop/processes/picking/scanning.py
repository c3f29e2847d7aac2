"""Scanning: each piece that is taken from a shelf is counted for its parcel, or is not there."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Variant
from inventory.queries import codes
from orders.services import orders
from orders.services.orders import Move
from shipping.models import PickTask, PickWave
from shipping.services import parcels, picks, waves
from shop.lib.errors import Refused
from shop.lib.locks import locked


class WrongPiece(Refused):
    """Raised for a scan that is not on the walk, or not any more."""


@dataclass(frozen=True, slots=True)
class Picked:
    """What a scan counted, and for which parcel on the trolley."""

    task: PickTask
    units: int
    slot: int
    wave: PickWave


@transaction.atomic(durable=True)
def scan(*, wave_id: int, text: str, actor: User | None, now: dt.datetime) -> Picked:
    """Count a piece for the first parcel of the walk that still wants one. "3*code" counts three.

    Raises CodeRefused for what is no code here, WrongPiece in words that say what is wanted.
    """
    read = codes.read(text)
    variant = codes.variant_of(read.code)
    wave = PickWave.objects.get(pk=wave_id)
    if wave.status != PickWave.Status.PICKING:
        raise WrongPiece(_("This wave is not being picked."))
    task = hold(_wanted(wave, variant))
    left = task.quantity - task.picked - task.short
    if read.units > left:
        words = _("%(sku)s: only %(left)s for this parcel. Scan them apart.")
        raise WrongPiece(words % {"sku": variant.sku, "left": left})
    task.picked += read.units
    picks.write(task=task, move=Move(now, actor))
    slot = waves.parcels_of(wave)[task.line.fulfilment_id]
    return Picked(task, read.units, slot, waves.settle(wave_id=wave_id, move=Move(now, actor)))


def _wanted(wave: PickWave, variant: Variant) -> PickTask:
    """The first pick of the walk for this piece. Raises WrongPiece."""
    walk = PickTask.objects.filter(wave=wave).order_by("position")
    task = walk.filter(variant=variant, done_at=None).first()
    if task:
        return task
    if walk.filter(variant=variant).exists():
        raise WrongPiece(_("All of %(sku)s is picked already.") % {"sku": variant.sku})
    following = walk.filter(done_at=None).select_related("variant", "bin").first()
    words = _("%(sku)s is not on this walk.") % {"sku": variant.sku}
    if following:
        wanted = _("Wanted: %(sku)s from %(bin)s.") % {
            "sku": following.variant.sku,
            "bin": following.bin or _("no bin"),
        }
        words = f"{words} {wanted}"
    raise WrongPiece(words)


def hold(task: PickTask) -> PickTask:
    """The pick as it is now, with its order, parcel and wave, held. Raises WrongPiece."""
    line = task.line
    orders.lock(order_id=line.fulfilment.order_id)
    parcels.lock(fulfilment_id=line.fulfilment_id)
    waves.lock(wave_id=task.wave_id)
    rows = PickTask.objects.filter(pk=task.pk, done_at=None)
    found = locked(
        rows.select_related("variant", "bin", "line__order_line", "line__fulfilment__order")
    )
    if not found:
        raise WrongPiece(_("A colleague was faster. Scan it again."))
    return found[0]
