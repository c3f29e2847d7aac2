"""What the buyer is told of a parcel on its way, once each."""

import datetime as dt

from orders.services.orders import Move
from shipping.models import Fulfilment, TrackingEvent
from shop.outbox import delivery as outbox
from shop.outbox.models import post
from shop.processes.tracking import moving

Tracking = Fulfilment.Tracking
KINDS: dict[str, str] = {
    Tracking.OUT_FOR_DELIVERY: "out_for_delivery",
    Tracking.DELIVERED: "delivered",
    Tracking.EXCEPTION: "delivery_problem",
    Tracking.RETURNED: "delivery_problem",
}
# "Arrives today" is no news tomorrow, nor anything else after a week.
FRESH = {Tracking.OUT_FOR_DELIVERY: dt.timedelta(hours=18)}
NEWS = dt.timedelta(days=7)
SENT = (
    Fulfilment.Status.SHIPPED,
    Fulfilment.Status.DELIVERED,
    Fulfilment.Status.FAILED_DELIVERY,
)


def tell(*, parcel: Fulfilment, last: TrackingEvent, move: Move) -> None:
    """Owe the mail about how a parcel stands now; note what staff have to look after."""
    if moving.is_problem(last):
        moving.note_problem(parcel=parcel, last=last, move=move)
    # Who fetched it knows.
    kind = KINDS.get(last.status) if parcel.ready_at is None else None
    is_fresh = move.now - last.at <= FRESH.get(Tracking(last.status), NEWS)
    if kind is None or not is_fresh or parcel.status not in SENT:
        return
    post(
        topic=f"mail.parcel_{kind}",
        key=f"fulfilment-{parcel.pk}-{kind}",
        payload={"fulfilment_id": parcel.pk},
        now=move.now,
    )
    outbox.ring()
