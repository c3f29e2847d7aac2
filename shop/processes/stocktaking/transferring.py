"""Transferring: goods leave one location and arrive at another, and may be sold from there."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from inventory.services import transit
from shop.processes.stocktaking import aftermath


@transaction.atomic(durable=True)
def send(*, transfer_id: int, actor: User | None, now: dt.datetime) -> None:
    """Take the goods off the shelves of the source. Raises TransferRefused."""
    changes = transit.leave(transfer_id=transfer_id, actor=actor, now=now)
    aftermath.settle(changes, now=now)


@transaction.atomic(durable=True)
def receive(
    *, transfer_id: int, received: Mapping[int, int], actor: User | None, now: dt.datetime
) -> None:
    """Put what came on the shelves of the target, write off the rest. Raises TransferRefused."""
    changes = transit.arrive(transfer_id=transfer_id, received=received, actor=actor, now=now)
    aftermath.settle(changes, now=now)
