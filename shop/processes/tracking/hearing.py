"""Hearing: news of a parcel are written down, and what follows from them is done."""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress

from django.db import transaction

from accounts.models import User
from orders.models import Return
from orders.services import orders
from orders.services.orders import Move
from shipping.carriers.base import News
from shipping.models import Carrier, Fulfilment, Label, TrackingEvent
from shipping.services import tracking
from shop.lib.errors import Refused
from shop.processes import returns
from shop.processes.labelling import parcels
from shop.processes.tracking import moving, telling

Tracking = Fulfilment.Tracking
# Signs that a parcel is on the road.
MOVED = (Tracking.IN_TRANSIT, Tracking.OUT_FOR_DELIVERY, Tracking.DELIVERED)


def heard(*, number: str, carrier: Carrier, news: Sequence[News], now: dt.datetime) -> bool:
    """What a carrier tells of a number. False when it is none of ours."""
    fulfilment_id, rma_id = whose(number, carrier)
    move = Move(now, None, carrier.name)
    if fulfilment_id is not None:
        _heard_of_parcel(fulfilment_id, news, move)
    elif rma_id is not None:
        _heard_of_return(rma_id, news, move)
    return fulfilment_id is not None or rma_id is not None


def delivered_by_hand(*, fulfilment_id: int, actor: User | None, now: dt.datetime) -> Fulfilment:
    """Somebody knows that a parcel arrived."""
    news = [News(Tracking.DELIVERED, "", "", now)]
    return _heard_of_parcel(fulfilment_id, news, Move(now, actor))


def whose(number: str, carrier: Carrier) -> tuple[int | None, int | None]:
    """The id of the parcel, or of the return, that travels under a carrier's number."""
    if not number:
        return None, None
    rows = Label.objects.filter(tracking_number=number, carrier=carrier, is_fallback=False)
    bought = rows.exclude(status=Label.Status.VOIDED).order_by("-pk").first()
    if bought:
        return bought.fulfilment_id, bought.rma_id
    names = (carrier.name, carrier.code)
    parcel = Fulfilment.objects.filter(tracking_number=number, carrier__in=names)
    rma = Return.objects.filter(tracking_number=number, carrier__in=names)
    return (
        parcel.order_by("-pk").values_list("pk", flat=True).first(),
        rma.order_by("-pk").values_list("pk", flat=True).first(),
    )


@transaction.atomic(durable=True)
def _heard_of_parcel(fulfilment_id: int, news: Sequence[News], move: Move) -> Fulfilment:
    parcel = parcels.held_parcel(fulfilment_id)
    tracking.keep(parcel=parcel, news=news, now=move.now)
    last = tracking.latest(TrackingEvent.objects.filter(fulfilment=parcel))
    was, parcel.tracked_at = parcel.tracking_status, move.now
    parcel.tracking_status = last.status if last else was
    parcel.save(update_fields=["tracking_status", "tracked_at"])
    if last is not None:
        moving.follow(parcel=parcel, last=last, move=move)
    if last is not None and last.status != was:
        telling.tell(parcel=parcel, last=last, move=move)
    return parcel


def _heard_of_return(rma_id: int, news: Sequence[News], move: Move) -> None:
    rma = _keep_of_return(rma_id, news, move)
    if rma.status == Return.Status.APPROVED and any(one.status in MOVED for one in news):
        # Somebody may have been faster.
        with suppress(Refused):
            returns.on_its_way(
                rma_id=rma.pk,
                tracking_number=rma.tracking_number,
                carrier=rma.carrier,
                actor=None,
                now=move.now,
            )


@transaction.atomic(durable=True)
def _keep_of_return(rma_id: int, news: Sequence[News], move: Move) -> Return:
    rma = parcels.held_return(rma_id)
    new = tracking.keep(parcel=rma, news=news, now=move.now)
    for event in new:
        if event.status in (Tracking.DELIVERED, *tracking.PROBLEMS):
            words = ": ".join(filter(None, (event.get_status_display(), event.words)))
            orders.note(order=rma.order, text=f"{rma.number}: {words}", move=move)
    return rma
