"""Giving a label back that no parcel left with."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Return
from orders.services.orders import Move
from shipping.carriers import adapter_of, in_time
from shipping.carriers.base import CarrierRefused, Silent
from shipping.models import Carrier, Fulfilment, Label
from shipping.services import labels
from shop.processes.labelling import parcels
from shop.processes.labelling.buying import NotNow

Status = Label.Status
HAS_LEFT = (
    Fulfilment.Status.SHIPPED,
    Fulfilment.Status.DELIVERED,
    Fulfilment.Status.FAILED_DELIVERY,
)
CAME_BACK = (
    Return.Status.IN_TRANSIT,
    Return.Status.RECEIVED,
    Return.Status.INSPECTED,
    Return.Status.CLOSED,
)


def void(*, label_id: int, actor: User | None, now: dt.datetime) -> Label:
    """Give a label back; a silent carrier is asked again by the clock (it stays “being voided”).

    Raises NotNow when its parcel has left, CarrierRefused. Not to be called in a transaction.
    """
    move = Move(now, actor)
    label = _begin(label_id, move)
    return ask(label_id=label.pk, move=move) if label.status == Status.VOIDING else label


@transaction.atomic(durable=True)
def _begin(label_id: int, move: Move) -> Label:
    parcel = parcels.held_of(Label.objects.get(pk=label_id))
    label = labels.lock(label_id=label_id)
    if label.status == Status.VOIDED:
        return label
    if label.status != Status.BOUGHT:
        raise NotNow(_("This label is “%(status)s”.") % {"status": label.get_status_display()})
    if parcel.status in (CAME_BACK if isinstance(parcel, Return) else HAS_LEFT):
        raise NotNow(_("Its parcel has left: the label was used."))
    label.requested_at = move.now
    labels.move_to(label=label, status=Status.VOIDING, move=move)
    return label


def ask(*, label_id: int, move: Move) -> Label:
    """Tell the carrier of a label that is being voided, and keep what he says."""
    label = Label.objects.select_related("carrier").get(pk=label_id)
    try:
        _call(label)
    except CarrierRefused as refusal:
        _settle(label_id, refusal.message, move)
        raise
    except Silent:
        return label
    return _settle(label_id, "", move)


def _call(label: Label) -> None:
    carrier = label.carrier
    if label.is_fallback or carrier.adapter == Carrier.Adapter.OWN:
        return
    adapter = adapter_of(carrier)
    if adapter is None:
        raise CarrierRefused(_("No account is set up any more: void it with the carrier."))
    number, reference = label.tracking_number, label.provider_ref
    in_time.within(in_time.CALL, lambda: adapter.void(number=number, reference=reference))


@transaction.atomic(durable=True)
def _settle(label_id: int, problem: str, move: Move) -> Label:
    parcel = parcels.held_of(Label.objects.get(pk=label_id))
    label = labels.lock(label_id=label_id)
    if label.status != Status.VOIDING:
        return label
    if problem:
        labels.kept(label=label, problem=problem, move=move)
    else:
        labels.voided(label=label, move=move)
        parcels.drop(parcel, label)
    return label
