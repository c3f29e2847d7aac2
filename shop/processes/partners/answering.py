"""What a partner answers: sent, with a number to follow; or not sent, and why."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import Location
from orders.models import Hold, Order
from orders.services import orders
from orders.services.orders import Move
from shipping.models import HandOff
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.processes import fulfilment
from shop.processes.fulfilment import Parcel

Status = HandOff.Status


class UnknownReference(Refused):
    """Raised when this partner was never told of such a hand-off."""


class Conflict(Refused):
    """Raised when something else came of the hand-off before."""


@dataclass(frozen=True, slots=True)
class Answer:
    """units: {order line id: units} of what was sent, None for all; reason: why it was not."""

    reference: str
    is_sent: bool
    carrier: str = ""
    tracking_number: str = ""
    units: Mapping[int, int] | None = None
    reason: str = ""


@transaction.atomic(durable=True)
def answered(*, location: Location, answer: Answer, now: dt.datetime) -> HandOff:
    """Write down what a partner did, once: the same answer again changes nothing.

    Raises UnknownReference, Conflict, and what sending raises: NotNow, NothingToShip.
    """
    mine = HandOff.objects.filter(location=location, reference=answer.reference)
    order_id = mine.values_list("order_id", flat=True).first()
    if order_id is None:
        raise UnknownReference(_("There is no such reference."))
    order = orders.lock(order_id=order_id)
    one = locked(mine)[0]
    if one.status == Status.CANCELED:
        raise Conflict(_("This was called off."))
    if one.status in (Status.SHIPPED, Status.REFUSED):
        if answer.is_sent != (one.status == Status.SHIPPED):
            raise Conflict(_("You have answered something else before."))
        return one
    move = Move(now, None, location.name)
    if answer.is_sent:
        _sent(order, one, answer, move)
    else:
        _refused(order, one, answer.reason, move)
    return one


def _sent(order: Order, one: HandOff, answer: Answer, move: Move) -> None:
    # First, so that what leaves now is not handed off again.
    one.status = Status.SHIPPED
    one.save(update_fields=["status"])
    contents = {int(line): units for line, units in one.contents.items()}
    units = contents if answer.units is None else answer.units
    if any(count > contents.get(line, 0) for line, count in units.items()):
        raise Conflict(_("That is more than you were asked to send."))
    one.fulfilment = fulfilment.send(
        order=order,
        quantities=units,
        parcel=Parcel(answer.carrier, answer.tracking_number, one.location),
        move=move,
    )
    one.problem = ""
    one.save(update_fields=["fulfilment", "problem"])


def _refused(order: Order, one: HandOff, reason: str, move: Move) -> None:
    """The order waits for a person, who hears why."""
    one.status, one.problem = Status.REFUSED, reason[:300]
    one.save(update_fields=["status", "problem"])
    words = _("%(partner)s does not send it: %(reason)s")
    text = words % {"partner": one.location.name, "reason": reason or _("no reason given")}
    orders.hold(order=order, kind=Hold.Kind.OUT_OF_STOCK, reason=text, move=move)
