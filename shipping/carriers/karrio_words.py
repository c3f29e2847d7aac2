"""karrio's words in ours."""

import datetime as dt
from typing import Any

from shipping.carriers.base import News
from shipping.models import Fulfilment

Tracking = Fulfilment.Tracking
STATUSES: dict[str, str] = {
    "pending": Tracking.PRE_TRANSIT,
    "picked_up": Tracking.IN_TRANSIT,
    "in_transit": Tracking.IN_TRANSIT,
    "out_for_delivery": Tracking.OUT_FOR_DELIVERY,
    "ready_for_pickup": Tracking.IN_TRANSIT,
    "delivered": Tracking.DELIVERED,
    "on_hold": Tracking.EXCEPTION,
    "delivery_failed": Tracking.EXCEPTION,
    "delivery_delayed": Tracking.EXCEPTION,
    "cancelled": Tracking.EXCEPTION,
    "return_to_sender": Tracking.RETURNED,
}
# Said in words, whatever code stands beside it.
COMES_BACK = ("return to sender", "returned to shipper", "return to shipper", "returned to sender")


def news_of(details: Any) -> list[News]:
    """A parcel's events, the oldest first. Those without a time are left out."""
    found = [_event(one, is_delivered=bool(details.delivered)) for one in details.events]
    return sorted((one for one in found if one), key=lambda one: one.at)


def _event(event: Any, *, is_delivered: bool) -> News | None:
    at = _moment(event)
    words = (event.description or "").strip()
    if at is None:
        return None
    return News(
        _status(event.status, words, is_delivered=is_delivered), words[:200], _place(event), at
    )


def _status(said: str | None, words: str, *, is_delivered: bool) -> str:
    if any(one in words.lower() for one in COMES_BACK):
        return Tracking.RETURNED
    status = STATUSES.get(said or "", Tracking.IN_TRANSIT)
    # "Delivered" is read out of words; the parcel as a whole has to agree.
    if status == Tracking.DELIVERED and not is_delivered:
        return Tracking.IN_TRANSIT
    return status


def _place(event: Any) -> str:
    return str(event.location or "").strip()[:120]


def _moment(event: Any) -> dt.datetime | None:
    """Carriers tell local time of somewhere, mostly without saying so: taken as UTC."""
    for text in (event.timestamp, _joined(event)):
        try:
            at = dt.datetime.fromisoformat(str(text or ""))
        except ValueError:
            continue
        return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return None


def _joined(event: Any) -> str:
    return f"{event.date}T{event.time}" if event.time else str(event.date or "")
