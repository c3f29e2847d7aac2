"""By the clock: calls that broke off are made again, and labels nobody needs go back."""

import datetime as dt
import logging
from collections.abc import Callable

from django.db.models import Q

from orders.models import Return
from orders.services.orders import Move
from shipping.carriers.base import Silent
from shipping.models import Fulfilment, Label
from shop.lib.errors import Refused
from shop.processes.labelling import settling, voiding

logger = logging.getLogger(__name__)
# Whoever asked has had his answer by then, or died.
OVERDUE = dt.timedelta(minutes=2)
# Labels of parcels that are not sent are looked for so far back; refused ones not for ever.
LOOK_BACK = dt.timedelta(days=2)
GONE = Q(fulfilment__status=Fulfilment.Status.CANCELED) | Q(
    rma__status__in=[Return.Status.CANCELED, Return.Status.EXPIRED, Return.Status.DECLINED]
)


def sweep(*, now: Callable[[], dt.datetime], limit: int = 50) -> int:
    """Carry on what broke off. Each is claimed first: two clocks share the work."""
    lost = Label.objects.filter(
        status__in=[Label.Status.REQUESTED, Label.Status.VOIDING],
        requested_at__lte=now() - OVERDUE,
    )
    done = sum(_again(label, now()) for label in lost.order_by("requested_at", "pk")[:limit])
    return done + _give_back_unneeded(now, limit)


def _again(label: Label, now: dt.datetime) -> bool:
    mine = Label.objects.filter(
        pk=label.pk, status=label.status, requested_at=label.requested_at
    ).update(requested_at=now)
    if not mine:
        return False
    ask = settling.ask if label.status == Label.Status.REQUESTED else voiding.ask
    return _quietly(label, lambda: ask(label_id=label.pk, move=Move(now)))


def _give_back_unneeded(now: Callable[[], dt.datetime], limit: int) -> int:
    unneeded = Label.objects.filter(
        GONE, status=Label.Status.BOUGHT, problem="", bought_at__gte=now() - LOOK_BACK
    )
    return sum(
        _quietly(label, lambda one=label: voiding.void(label_id=one.pk, actor=None, now=now()))  # type: ignore[misc]
        for label in unneeded.order_by("pk")[:limit]
    )


def _quietly(label: Label, ask: Callable[[], Label]) -> bool:
    """A no to one must not keep the others waiting."""
    try:
        ask()
    except (Refused, Silent) as problem:
        logger.info("label not settled", extra={"label": label.pk, "why": str(problem)})
        return False
    return True
