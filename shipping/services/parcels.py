"""Parcels before they leave: made, moved on, made smaller. The order of each must be locked."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from inventory.models import Location
from orders.models import Order, OrderLine
from orders.services.orders import Move
from shipping.models import Box, Fulfilment, FulfilmentEvent, FulfilmentLine
from shipping.queries.parcels import OPEN, leaves_by
from shipping.services import picks
from shop.lib.errors import Refused
from shop.lib.events import InvalidTransition
from shop.lib.locks import locked

Status = Fulfilment.Status
# Somebody has had the goods in hand.
BEGUN = (Status.PICKING, Status.PACKED)


class PickingStarted(Refused):
    """Raised when goods of an order are in somebody's hands already."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("This order is being picked and packed already."))


class WrongState(Refused):
    """Raised when a parcel is not where it would have to be for this."""

    def __init__(self, fulfilment: Fulfilment) -> None:
        words = _("Parcel %(parcel)s is “%(status)s” by now.")
        super().__init__(
            words
            % {
                "parcel": f"{fulfilment.order.number}/{fulfilment.position}",
                "status": fulfilment.get_status_display(),
            }
        )
        self.fulfilment = fulfilment


def make(
    *,
    order: Order,
    contents: Sequence[tuple[OrderLine, int]],
    location: Location | None,
    move: Move,
    status: str = Status.PENDING,
) -> Fulfilment:
    """Write a parcel that is still to be picked, or as far as another it is split from."""
    fulfilment = Fulfilment.objects.create(
        order=order,
        location=location,
        position=order.fulfilments.count() + 1,
        status=status,
        created_at=move.now,
        ship_by=leaves_by(order),
    )
    FulfilmentLine.objects.bulk_create(
        FulfilmentLine(fulfilment=fulfilment, order_line=line, quantity=units)
        for line, units in contents
    )
    _event(fulfilment, "", move)
    return fulfilment


def lock(*, fulfilment_id: int) -> Fulfilment:
    """A parcel, held for this transaction. Raises Fulfilment.DoesNotExist."""
    rows = Fulfilment.objects.filter(pk=fulfilment_id)
    found = locked(rows.select_related("order", "location"))
    if not found:
        raise Fulfilment.DoesNotExist(fulfilment_id)
    return found[0]


def held(*, order: Order, statuses: Collection[str] = OPEN) -> list[Fulfilment]:
    """The parcels of an order in these states, held for this transaction."""
    rows = Fulfilment.objects.filter(order=order, status__in=statuses)
    return locked(rows.select_related("order", "location"))


def move_to(*, fulfilment: Fulfilment, status: str, move: Move) -> None:
    """Move a parcel's state. Raises InvalidTransition."""
    if status not in fulfilment.MOVES[fulfilment.status]:
        raise InvalidTransition(fulfilment, fulfilment.status, status)
    was, fulfilment.status = fulfilment.status, status
    fulfilment.save(update_fields=["status"])
    _event(fulfilment, was, move)


def _event(fulfilment: Fulfilment, was: str, move: Move) -> None:
    FulfilmentEvent.objects.create(
        fulfilment=fulfilment,
        axis="status",
        from_state=was,
        to_state=fulfilment.status,
        at=move.now,
        actor=move.actor,
        note=move.note[:500],
    )


def note(*, fulfilment: Fulfilment, words: str, move: Move) -> None:
    """Something that happened to a parcel without moving it."""
    FulfilmentEvent.objects.create(
        fulfilment=fulfilment,
        axis="note",
        to_state=fulfilment.status,
        at=move.now,
        actor=move.actor,
        note=words[:500],
    )


def pack(*, fulfilment: Fulfilment, box: Box | None, grams: int, move: Move) -> None:
    """Write down what it is packed in and what it weighs. Raises InvalidTransition."""
    move_to(fulfilment=fulfilment, status=Status.PACKED, move=move)
    fulfilment.box, fulfilment.grams, fulfilment.packed_at = box, grams, move.now
    fulfilment.save(update_fields=["box", "grams", "packed_at"])


def cancel(*, fulfilment: Fulfilment, move: Move) -> None:
    """It is not sent, and its units are nobody's. Its contents stay on record."""
    move_to(fulfilment=fulfilment, status=Status.CANCELED, move=move)
    fulfilment.wave = None
    fulfilment.save(update_fields=["wave"])


def lessen(*, line: FulfilmentLine, units: int, move: Move) -> None:
    """Take units of a line out of a parcel, and out of its picks."""
    line.quantity -= units
    if not line.quantity:
        line.delete()
        return
    line.save(update_fields=["quantity"])
    picks.refit(line=line, move=move)
