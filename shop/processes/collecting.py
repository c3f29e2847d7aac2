"""Collecting: a packed order waits at a shop of ours, and is handed over against its code."""

import datetime as dt
import secrets

from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order
from shipping.models import Fulfilment
from shipping.queries.pickup import is_collected
from shop.lib.errors import Refused
from shop.outbox import delivery as outbox
from shop.outbox.models import post
from shop.processes import fulfilment, tracking
from shop.processes.fulfilment import Parcel

Status = Fulfilment.Status
# Without what is easily misread or misheard.
LETTERS = "23456789ACEFGHJKMNPQRTVWXY"
LENGTH = 6


class UnknownCode(Refused):
    """Raised when nothing waits under a code."""


class HandedOver(Refused):
    """Raised when what belongs to a code was fetched already."""


def ready(*, order: Order, fulfilment: Fulfilment, now: dt.datetime) -> None:
    """A parcel is packed: if its buyer fetches it, give it a code and tell them.

    Within a transaction that holds the order and then the parcel.
    """
    if not is_collected(order) or fulfilment.ready_at is not None:
        return
    fulfilment.ready_at, fulfilment.collect_code = now, _new_code()
    fulfilment.save(update_fields=["ready_at", "collect_code"])
    post(
        topic="mail.ready_to_collect",
        key=f"fulfilment-{fulfilment.pk}-ready",
        payload={"fulfilment_id": fulfilment.pk},
        now=now,
    )
    outbox.ring()


def found(*, code: str) -> Fulfilment:
    """The parcel that somebody with this code may have. Raises UnknownCode or HandedOver."""
    typed = "".join(filter(str.isalnum, code.upper()))
    rows = Fulfilment.objects.filter(collect_code=typed, ready_at__isnull=False)
    parcel = rows.select_related("order", "location").order_by("-ready_at").first()
    if not typed or parcel is None or parcel.status == Status.CANCELED:
        raise UnknownCode(_("Nothing waits here under this code."))
    if parcel.status not in (Status.PACKED, Status.SHIPPED):
        raise HandedOver(_("This was handed over already."))
    return parcel


def hand_over(*, code: str, actor: User | None, now: dt.datetime) -> Fulfilment:
    """Give a parcel to whoever shows its code: it leaves and has arrived.

    Raises UnknownCode, HandedOver, and whatever keeps a parcel from leaving (NotNow, WrongState).
    """
    parcel = found(code=code)
    # Shipped already: somebody was interrupted between the two steps.
    if parcel.status == Status.PACKED:
        fulfilment.dispatch_parcel(fulfilment_id=parcel.pk, parcel=Parcel(), actor=actor, now=now)
    return tracking.delivered_by_hand(fulfilment_id=parcel.pk, actor=actor, now=now)


def _new_code() -> str:
    """Not in use for anything that waits."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _place in range(LENGTH))
        if not Fulfilment.objects.filter(collect_code=code).exists():
            return code
