"""What carriers said of parcels: kept once, in whatever order it comes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from orders.models import Return
from shipping.carriers.base import News
from shipping.models import Fulfilment, TrackingEvent

Tracking = Fulfilment.Tracking
# Of things said at the same moment, the one that comes later in a parcel's life.
RANK: dict[str, int] = {status: place for place, status in enumerate(Tracking.values)}
# Carriers' clocks stand elsewhere; but nothing is told that has not happened.
AHEAD = dt.timedelta(days=1)
PROBLEMS = (Tracking.EXCEPTION, Tracking.RETURNED)


def keep(
    *, parcel: Fulfilment | Return, news: Sequence[News], now: dt.datetime
) -> list[TrackingEvent]:
    """Write down what was not known. The parcel has to be held."""
    rma = parcel if isinstance(parcel, Return) else None
    fulfilment = None if isinstance(parcel, Return) else parcel
    found: list[TrackingEvent] = []
    for one in news:
        if one.at > now + AHEAD:
            continue
        event, is_new = TrackingEvent.objects.get_or_create(
            fulfilment=fulfilment,
            rma=rma,
            status=one.status,
            at=one.at,
            words=one.words[:200],
            defaults={"place": one.place[:120], "heard_at": now},
        )
        found += [event] if is_new else []
    return found


def latest(events: Iterable[TrackingEvent]) -> TrackingEvent | None:
    """How a parcel stands: what happened last, not what was heard last.

    A label is made by our clock, the rest happens by the carrier's: so it always came first. And
    what is delivered stays so, unless it comes back.
    """
    known = list(events)
    if any(one.status == Tracking.DELIVERED for one in known):
        known = [one for one in known if one.status in (Tracking.DELIVERED, Tracking.RETURNED)]
    return max(known, key=_place, default=None)


def _place(event: TrackingEvent) -> tuple[bool, dt.datetime, int]:
    return (event.status != Tracking.PRE_TRANSIT, event.at, RANK[event.status])


def timeline(fulfilments: Iterable[Fulfilment]) -> dict[int, list[TrackingEvent]]:
    """The events of parcels, newest first, by the parcel's id. One query."""
    ids = [one.pk for one in fulfilments]
    found: dict[int, list[TrackingEvent]] = defaultdict(list)
    for event in TrackingEvent.objects.filter(fulfilment__in=ids):
        found[event.fulfilment_id or 0].append(event)
    return {pk: sorted(events, key=_place, reverse=True) for pk, events in found.items()}


def with_problem() -> QuerySet[Fulfilment]:
    """Parcels that somebody has to look after: held up, or on their way back to us."""
    on_its_way = (Fulfilment.Status.SHIPPED, Fulfilment.Status.FAILED_DELIVERY)
    return Fulfilment.objects.filter(status__in=on_its_way, tracking_status__in=PROBLEMS)
