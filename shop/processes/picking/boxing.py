"""Boxing: what was picked is packed, weighed and closed; what does not fit is parted."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order
from orders.services import orders
from orders.services.orders import Move
from shipping.models import Box, Fulfilment
from shipping.queries.parcels import OPEN
from shipping.services import boxes, parcels, picks
from shipping.services.boxes import Packed
from shipping.services.parcels import Status, WrongState
from shop.lib.errors import Refused
from shop.processes import assigning, collecting

TO_PACK = (Status.PENDING, Status.PICKING)


class NotPicked(Refused):
    """Raised when something of a parcel is still on the shelves."""


class CannotPack(Refused):
    """Raised when a parcel is not to be packed now."""


def proposal(fulfilment: Fulfilment) -> Packed:
    """The box, or the boxes, that hold what is in a parcel, and what they weigh packed."""
    lines = fulfilment.lines.select_related("order_line").order_by("pk")
    return boxes.for_lines([(line.order_line, line.quantity) for line in lines])


@transaction.atomic(durable=True)
def pack(
    *, fulfilment_id: int, box: Box | None, grams: int, actor: User | None, now: dt.datetime
) -> Fulfilment:
    """Close a parcel. grams: as weighed, 0 when nobody did: then by the catalogue.

    Raises WrongState, NotPicked, CannotPack.
    """
    order, fulfilment = held(fulfilment_id)
    move = Move(now, actor)
    pack_within(order=order, fulfilment=fulfilment, box=box, grams=grams, move=move)
    return fulfilment


def held(fulfilment_id: int) -> tuple[Order, Fulfilment]:
    """The order and then its parcel, held for this transaction."""
    order_id = Fulfilment.objects.values_list("order_id", flat=True).get(pk=fulfilment_id)
    order = orders.lock(order_id=order_id)
    return order, parcels.lock(fulfilment_id=fulfilment_id)


def pack_within(
    *, order: Order, fulfilment: Fulfilment, box: Box | None, grams: int, move: Move
) -> None:
    """The same within a transaction that holds the order and then the parcel."""
    check(order=order, fulfilment=fulfilment)
    weight = grams or proposal(fulfilment).grams
    parcels.pack(fulfilment=fulfilment, box=box, grams=weight, move=move)
    collecting.ready(order=order, fulfilment=fulfilment, now=move.now)


def check(*, order: Order, fulfilment: Fulfilment) -> None:
    """Raises WrongState, NotPicked or CannotPack when it can't be packed now."""
    if fulfilment.status not in TO_PACK:
        raise WrongState(fulfilment)
    if not order.can_ship or orders.holds(order).exists():
        raise CannotPack(_("This order is stopped: put the parcel aside."))
    if fulfilment.wave_id and not picks.is_picked(fulfilment):
        words = _("Not all of it is picked: it is on wave %(wave)s.")
        raise NotPicked(words % {"wave": fulfilment.wave})


@transaction.atomic(durable=True)
def unpack(*, fulfilment_id: int, actor: User | None, now: dt.datetime) -> Fulfilment:
    """A parcel is called off by hand: its goods go back, the order waits to be picked anew.

    Raises WrongState for one that has left.
    """
    _order, fulfilment = held(fulfilment_id)
    if fulfilment.status not in OPEN:
        raise WrongState(fulfilment)
    assigning.call_off(fulfilment=fulfilment, move=Move(now, actor))
    return fulfilment
