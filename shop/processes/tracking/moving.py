"""What a parcel's news mean for its state, and for its order's."""

from django.utils.translation import gettext as _

from orders.models import Order
from orders.services import arrivals, orders
from orders.services.orders import Move
from shipping.models import Fulfilment, TrackingEvent
from shipping.services import parcels, tracking

Status, Tracking = Fulfilment.Status, Fulfilment.Tracking
# Where a parcel that was sent belongs, by what was said last.
LEADS_TO: dict[str, str] = {
    Tracking.IN_TRANSIT: Status.SHIPPED,
    Tracking.OUT_FOR_DELIVERY: Status.SHIPPED,
    Tracking.DELIVERED: Status.DELIVERED,
    Tracking.RETURNED: Status.FAILED_DELIVERY,
}


def follow(*, parcel: Fulfilment, last: TrackingEvent, move: Move) -> None:
    """Move a parcel and its order, which are held. One that has not left by our books stays."""
    status = LEADS_TO.get(last.status)
    if status is None or status not in parcel.MOVES[parcel.status]:
        return
    if parcel.status not in (Status.SHIPPED, Status.FAILED_DELIVERY):
        return
    note = Move(move.now, move.actor, last.words or move.note)
    parcels.move_to(fulfilment=parcel, status=status, move=note)
    if status == Status.DELIVERED:
        parcel.delivered_at = min(last.at, move.now)
        parcel.save(update_fields=["delivered_at"])
        _arrived(parcel.order, move)


def _arrived(order: Order, move: Move) -> None:
    """An order is delivered once all of it was sent, and all of its parcels have arrived."""
    sent = order.fulfilments.exclude(status__in=[Status.CANCELED, Status.DELIVERED])
    if not sent.exists():
        arrivals.set_delivered(order=order, move=move)


def note_problem(*, parcel: Fulfilment, last: TrackingEvent, move: Move) -> None:
    """Something that staff have to look after, on the order's own page too."""
    words = ": ".join(filter(None, (last.get_status_display(), last.words)))
    hint = _("Open a claim, or send it again.") if last.status == Tracking.RETURNED else ""
    text = _("Parcel %(place)s: %(words)s.") % {"place": parcel.position, "words": words}
    parcels.note(fulfilment=parcel, words=text, move=move)
    orders.note(order=parcel.order, text=f"{text} {hint}".strip(), move=move)


def is_problem(event: TrackingEvent) -> bool:
    return event.status in tracking.PROBLEMS
