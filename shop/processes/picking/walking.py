"""Walking: parcels are gathered into a wave, fetched in one walk along the bins, or given up."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import Allocation, Location
from orders.models import Hold, Order, OrderLine
from orders.services import orders
from orders.services.orders import Move
from shipping.models import Fulfilment, PickWave
from shipping.queries.parcels import OPEN
from shipping.services import parcels, picks, waves
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.processes.assigning import prepare

Status = Fulfilment.Status
AT_ONCE = 200


class NothingToPick(Refused):
    """Raised when no parcel waits to be picked."""


class WaveRefused(Refused):
    """Raised when a wave is somebody else's, or over."""


def due(*, location: Location) -> "QuerySet[Order]":
    """Orders of which something lies here that nobody picks yet, the most urgent first."""
    held = Allocation.objects.filter(stock_item__location=location).values("holder")
    lines = OrderLine.objects.filter(order=OuterRef("pk"), is_shipped=True)
    begun = Fulfilment.objects.filter(
        Q(wave__isnull=False) | Q(status__in=parcels.BEGUN),
        order=OuterRef("pk"),
        location=location,
        status__in=OPEN,
    )
    return (
        Order.objects.to_ship()
        .filter(Exists(lines.filter(Q(holder__in=held) | Q(parts__holder__in=held))))
        .exclude(Exists(Hold.objects.filter(order=OuterRef("pk"), released_at=None)))
        .exclude(Exists(begun))
        .order_by(F("arrives_by").asc(nulls_last=True), "placed_at", "pk")
    )


@transaction.atomic(durable=True)
def make_wave(
    *,
    location: Location,
    order_ids: Sequence[int] | None = None,
    limit: int = 20,
    actor: User | None,
    now: dt.datetime,
) -> PickWave:
    """One walk for these orders; without any, for the next ones that have to leave.

    Raises NothingToPick.
    """
    move = Move(now, actor)
    if order_ids is None:
        order_ids = list(due(location=location).values_list("pk", flat=True)[:limit])
    found: list[Fulfilment] = []
    for order in locked(Order.objects.filter(pk__in=order_ids[:AT_ONCE])):
        prepare(order=order, move=move, location=location)
        found += _waiting(order, location)
    if not found:
        raise NothingToPick(_("Nothing here waits to be picked."))
    return waves.make(location=location, parcels=found, move=move)


def _waiting(order: Order, location: Location) -> list[Fulfilment]:
    if not order.can_ship or orders.holds(order).exists():
        return []
    found = parcels.held(order=order, statuses=[Status.PENDING])
    return [one for one in found if one.location_id == location.pk and one.wave_id is None]


@transaction.atomic(durable=True)
def start_wave(*, wave_id: int, actor: User | None, now: dt.datetime) -> PickWave:
    """Somebody begins to walk. What was stopped meanwhile is left out. Raises WaveRefused."""
    move = Move(now, actor)
    found = _hold(wave_id)
    wave = waves.lock(wave_id=wave_id)
    if wave.status == PickWave.Status.PICKING and wave.picker == actor:
        return wave
    if wave.status != PickWave.Status.OPEN:
        raise WaveRefused(_taken(wave))
    waves.move_to(wave=wave, status=PickWave.Status.PICKING, move=move)
    for one in found:
        if orders.holds(one.order).exists():
            _leave_out(one)
        elif one.status == Status.PENDING:
            parcels.move_to(fulfilment=one, status=Status.PICKING, move=move)
    return waves.settle(wave_id=wave_id, move=move)


def _taken(wave: PickWave) -> str:
    if wave.status == PickWave.Status.PICKING:
        person = wave.picker.name or wave.picker.email if wave.picker else _("Somebody")
        return _("%(person)s is walking this wave.") % {"person": person}
    return _("This wave is over.")


def _hold(wave_id: int) -> list[Fulfilment]:
    """The parcels of a wave, and before them their orders, held for this transaction."""
    in_wave = Fulfilment.objects.filter(wave=wave_id)
    locked(Order.objects.filter(pk__in=in_wave.values("order")))
    return locked(in_wave.select_related("order"))


def _leave_out(fulfilment: Fulfilment) -> None:
    picks.strike_out(fulfilment=fulfilment)
    fulfilment.wave = None
    fulfilment.save(update_fields=["wave"])


@transaction.atomic(durable=True)
def give_up(*, wave_id: int, actor: User | None, now: dt.datetime) -> PickWave:
    """The walk ends early: what is not all there goes back and waits again. Raises WaveRefused.

    Parcels that are wholly picked are packed from here on.
    """
    move = Move(now, actor)
    found = _hold(wave_id)
    wave = waves.lock(wave_id=wave_id)
    if PickWave.Status.CANCELED not in wave.MOVES[wave.status]:
        raise WaveRefused(_("This wave is over."))
    for one in found:
        if one.status == Status.PENDING:
            _leave_out(one)
        elif one.status == Status.PICKING and not picks.is_picked(one):
            _leave_out(one)
            parcels.move_to(fulfilment=one, status=Status.PENDING, move=move)
    waves.move_to(wave=wave, status=PickWave.Status.CANCELED, move=move)
    return wave
