"""Parcels: made, sent, told."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from orders.models import Order, OrderLine
from shipping.models import Fulfilment, FulfilmentEvent, FulfilmentLine


@dataclass(frozen=True, slots=True)
class Label:
    carrier: str
    tracking_number: str
    tracking_url: str


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
    for line, units in contents:
        line.fulfilled += units
    OrderLine.objects.bulk_update([line for line, _units in contents], ["fulfilled"])
    FulfilmentEvent.objects.create(
        fulfilment=fulfilment,
        axis="status",
        from_state=Fulfilment.Status.PENDING,
        to_state=Fulfilment.Status.SHIPPED,
        at=now,
        actor=actor,
    )
    return fulfilment
