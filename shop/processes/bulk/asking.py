"""Asking for a run on many orders: written down, and owed to a worker."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from shipping.models import BulkRow, BulkRun
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.outbox import delivery
from shop.outbox.models import post

MOST = 2_000
Status = BulkRun.Status
OVER = (Status.DONE, Status.STOPPED)


class RunRefused(Refused):
    """Raised for no rows, far too many, or a run that is over."""


@transaction.atomic(durable=True)
def ask(
    *,
    kind: str,
    rows: Sequence[tuple[int, int | None]],
    options: Mapping[str, Any],
    actor: User | None,
    now: dt.datetime,
) -> BulkRun:
    """Have something done with many orders: (order id, parcel id or None for all of the order).

    Raises RunRefused.
    """
    wanted = list(dict.fromkeys(rows))
    if not wanted:
        raise RunRefused(_("Choose at least one order."))
    if len(wanted) > MOST:
        raise RunRefused(_("Choose at most %(count)s orders at a time.") % {"count": MOST})
    run = BulkRun.objects.create(
        kind=kind, options=dict(options), total=len(wanted), asked_by=actor, asked_at=now
    )
    BulkRow.objects.bulk_create(
        (
            BulkRow(run=run, order_id=order_id, parcel=parcel, position=position)
            for position, (order_id, parcel) in enumerate(wanted, 1)
        ),
        batch_size=500,
    )
    post(topic="bulk.work", key=f"bulk-{run.pk}", payload={"run_id": run.pk}, now=now)
    delivery.ring()
    return run


@transaction.atomic(durable=True)
def stop(*, run_id: int, now: dt.datetime) -> BulkRun:
    """Do no more of a run; what is done stays done. Raises RunRefused."""
    (run,) = locked(BulkRun.objects.filter(pk=run_id))
    if run.status in OVER:
        raise RunRefused(_("This run is over already."))
    run.status, run.finished_at = Status.STOPPED, now
    run.save(update_fields=["status", "finished_at"])
    return run


def is_over(*, run_id: int) -> bool:
    """Whether nobody has to work at a run any more."""
    return not BulkRun.objects.filter(pk=run_id).exclude(status__in=OVER).exists()


def asked_by(*, run_id: int) -> int | None:
    """Who of the staff wants it, by key."""
    return BulkRun.objects.filter(pk=run_id).values_list("asked_by", flat=True).first()
