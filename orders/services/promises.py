"""What a line that has not left yet is promised: set aside where, to come when, or missing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from inventory.models import Allocation, Backorder, Location, Shortage
from orders.models import OrderLine
from orders.queries import holders_of


@dataclass(frozen=True, slots=True)
class Held:
    """What one holder has, in units of its own variant. at: what is set aside, by location."""

    at: Mapping[int, int] = field(default_factory=dict)
    waiting: int = 0
    short: int = 0
    promised_on: dt.date | None = None

    @property
    def all(self) -> int:
        return sum(self.at.values()) + self.waiting + self.short


@dataclass(frozen=True, slots=True)
class Promise:
    """Of a line's units that have not left, in units of the line: a bundle counts when it is whole.

    ready: set aside at our own locations; at: set aside by location, partners' as well.
    waiting: to come, promised for a day if one is known. short: promised, and not there.
    """

    ready: int
    at: Mapping[int, int]
    waiting: int
    short: int
    promised_on: dt.date | None

    def ready_at(self, location: Location | None) -> int:
        """What may leave from there; without a location, from any of our own."""
        return self.ready if location is None else self.at.get(location.pk, 0)


NOTHING = Held()


def promises_of(lines: Iterable[OrderLine]) -> dict[int, Promise]:
    """What each line is promised, by its id. A fixed number of queries; prefetch "parts"."""
    known = [line for line in lines if line.is_shipped]
    held = held_by(holder for line in known for holder in holders_of(line))
    partners = set(Location.objects.filter(kind=Location.Kind.PARTNER).values_list("pk", flat=True))
    return {line.pk: _promise(line, held, partners) for line in known}


def held_by(holders: Iterable[UUID]) -> dict[UUID, Held]:
    """What these holders have: set aside, to come, missing. Three queries."""
    wanted = list(holders)
    at: dict[UUID, dict[int, int]] = defaultdict(dict)
    rows = Allocation.objects.filter(holder__in=wanted).order_by("pk")
    for holder, place, units in rows.values_list("holder", "stock_item__location", "quantity"):
        at[holder][place] = units
    coming = {one.holder: one for one in Backorder.objects.filter(holder__in=wanted)}
    gone = Shortage.objects.filter(holder__in=wanted, settled_at=None)
    short = dict(gone.values_list("holder", "quantity"))
    return {
        holder: Held(
            at.get(holder, {}),
            coming[holder].quantity if holder in coming else 0,
            short.get(holder, 0),
            coming[holder].promised_on if holder in coming else None,
        )
        for holder in wanted
    }


def _promise(line: OrderLine, held: Mapping[UUID, Held], partners: set[int]) -> Promise:
    shares = [(held.get(pk, NOTHING), each) for pk, (_id, each) in holders_of(line).items()]
    places = {place for one, _each in shares for place in one.at}
    days = [one.promised_on for one, _each in shares if one.promised_on]
    ours = [
        sum(units for place, units in one.at.items() if place not in partners) // each
        for one, each in shares
    ]
    return Promise(
        ready=min(*ours, line.unfulfilled),
        at={place: min(one.at.get(place, 0) // each for one, each in shares) for place in places},
        waiting=max(-(-one.waiting // each) for one, each in shares),
        short=max(-(-one.short // each) for one, each in shares),
        promised_on=max(days, default=None),
    )
