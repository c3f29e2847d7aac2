"""Parcels: made, sent, told."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from inventory.models import Location
from orders.models import Order, OrderLine
from orders.services.orders import Move
from shipping.models import Fulfilment, FulfilmentEvent, FulfilmentLine
from shipping.services import parcels


@dataclass(frozen=True, slots=True)
class Label:
    carrier: str
    tracking_number: str
    tracking_url: str
    # Where it left from, when it left from one place.
    location: Location | None = None


@transaction.atomic
def ship(
    *,
    order: Order,
    contents: Sequence[tuple[OrderLine, int]],
    label: Label,
    actor: User | None,
    now: dt.datetime,
) -> Fulfilment:
    """Write a parcel that leaves now and count its units as shipped. The order must be locked."""
    fulfilment = Fulfilment.objects.create(
        order=order,
        location=label.location,
        position=order.fulfilments.count() + 1,
        status=Fulfilment.Status.SHIPPED,
        carrier=label.carrier[:40],
        tracking_number=label.tracking_number[:60],
        tracking_url=label.tracking_url,
        created_at=now,
        shipped_at=now,
    )
    FulfilmentLine.objects.bulk_create(
        FulfilmentLine(fulfilment=fulfilment, order_line=line, quantity=units)
        for line, units in contents
    )
    _count(contents)
    FulfilmentEvent.objects.create(
        fulfilment=fulfilment,
        axis="status",
        from_state=Fulfilment.Status.PENDING,
        to_state=Fulfilment.Status.SHIPPED,
        at=now,
        actor=actor,
    )
    return fulfilment


def leave(
    *,
    fulfilment: Fulfilment,
    contents: Sequence[tuple[OrderLine, int]],
    label: Label,
    move: Move,
) -> None:
    """A parcel that is there already leaves now. What its label says stays where nothing is given.

    Its order must be locked. Raises InvalidTransition.
    """
    fulfilment.shipped_at = move.now
    fulfilment.location = label.location or fulfilment.location
    if label.carrier:
        fulfilment.carrier = label.carrier[:40]
    if label.tracking_number:
        fulfilment.tracking_number = label.tracking_number[:60]
        fulfilment.tracking_url = label.tracking_url
    fulfilment.save(
        update_fields=["shipped_at", "location", "carrier", "tracking_number", "tracking_url"]
    )
    parcels.move_to(fulfilment=fulfilment, status=Fulfilment.Status.SHIPPED, move=move)
    _count(contents)


def _count(contents: Sequence[tuple[OrderLine, int]]) -> None:
    for line, units in contents:
        line.fulfilled += units
    OrderLine.objects.bulk_update([line for line, _units in contents], ["fulfilled"])


def set_cost(*, fulfilment: Fulfilment, cost: Decimal) -> None:
    """Keep what its goods had cost, in the books' currency."""
    fulfilment.goods_cost = cost
    fulfilment.save(update_fields=["goods_cost"])
