"""Assigning: units of an order are put down for a parcel before anybody fetches them, or freed.

An assigned unit stays allocated, counts as not sent, and goes into no other parcel.
"""

from collections.abc import Mapping

from inventory.models import Location
from orders.models import Order, OrderLine
from orders.services import orders
from orders.services.orders import Move
from orders.services.promises import Promise, promises_of
from shipping.models import Fulfilment
from shipping.queries import assigned_at
from shipping.services import parcels, picks, waves
from shipping.services.parcels import BEGUN, PickingStarted, Status
from shop.lib.locks import locked

Places = Mapping[int | None, int]


def free(promise: Promise, taken: Places, place: Location | None) -> int:
    """Units of a line that may leave from a place and are in nobody's parcel.

    place: None for any of our own. What lies at partners is never assigned.
    """
    if place and place.kind == Location.Kind.PARTNER:
        return promise.ready_at(place)
    left = promise.ready - sum(taken.values())
    if place:
        left = min(left, promise.ready_at(place) - taken.get(place.pk, 0))
    return max(0, left)


def prepare(*, order: Order, move: Move, location: Location | None = None) -> list[Fulfilment]:
    """One pending parcel per own location for what is set aside and in no parcel yet.

    What only several places have together becomes a parcel without a place. The order must be
    locked; one that can't be sent now, or is on hold, gets none.
    """
    if not order.can_ship or orders.holds(order).exists():
        return []
    rows = OrderLine.objects.filter(order=order, is_shipped=True).prefetch_related("parts")
    lines = locked(rows)
    promises, taken = promises_of(lines), assigned_at(order)
    made = []
    for place in _places(promises, location):
        contents = [
            (line, units)
            for line in lines
            if (units := free(promises[line.pk], taken[line.pk], place))
        ]
        if contents:
            made.append(parcels.make(order=order, contents=contents, location=place, move=move))
            for line, units in contents:
                taken[line.pk][place.pk if place else None] += units
    return made


def _places(promises: Mapping[int, Promise], location: Location | None) -> list[Location | None]:
    if location:
        return [location]
    used = {place for one in promises.values() for place in one.at}
    ours = Location.objects.filter(pk__in=used).exclude(kind=Location.Kind.PARTNER)
    return [*ours.order_by("position", "pk"), None]


def withdraw(*, order: Order, move: Move, force: bool = False) -> None:
    """Cancel the parcels nobody has begun with. The order must be locked.

    Raises PickingStarted when one is being picked or packed; force: these go back on the shelf.
    """
    found = parcels.held(order=order)
    if not force and any(one.status in BEGUN for one in found):
        raise PickingStarted
    for one in found:
        call_off(fulfilment=one, move=move)


def call_off(*, fulfilment: Fulfilment, move: Move) -> None:
    """Cancel one parcel, with its picks. Order and parcel must be locked."""
    wave_id = fulfilment.wave_id
    picks.strike_out(fulfilment=fulfilment)
    parcels.cancel(fulfilment=fulfilment, move=move)
    if wave_id:
        waves.settle(wave_id=wave_id, move=move)


def make_room(*, order: Order, units: Mapping[int, int], move: Move, force: bool = False) -> None:
    """Free so many units of lines that these can be taken off the order: {line id: units}.

    From parcels nobody has begun with. The order must be locked. Raises PickingStarted when only
    others hold them; force: they are taken out of those as well.
    """
    taken = assigned_at(order)
    lines = OrderLine.objects.filter(pk__in=[pk for pk in units if pk in taken])
    over = {line.pk: taken[line.pk].total() - line.unfulfilled + units[line.pk] for line in lines}
    for one in _newest(order, force=force):
        for line_id, count in _shrink(one, over, move).items():
            over[line_id] -= count
    if any(left > 0 for left in over.values()):
        raise PickingStarted


def _newest(order: Order, *, force: bool) -> list[Fulfilment]:
    """Those nobody has begun with first, then the others; of each the newest first."""
    found = parcels.held(order=order)[::-1]
    begun = [one for one in found if one.status in BEGUN]
    return [one for one in found if one.status == Status.PENDING] + (begun if force else [])


def _shrink(fulfilment: Fulfilment, over: Mapping[int, int], move: Move) -> dict[int, int]:
    """Take out of a parcel what is too much of its lines. Returns what it was."""
    out = {
        line.order_line_id: min(line.quantity, over[line.order_line_id])
        for line in fulfilment.lines.all()
        if over.get(line.order_line_id, 0) > 0
    }
    if out:
        take_out(fulfilment=fulfilment, units=out, move=move)
    return out


def take_out(*, fulfilment: Fulfilment, units: Mapping[int, int], move: Move) -> None:
    """Take units of order lines out of a parcel; an empty one is called off.

    Order and parcel must be locked.
    """
    lines = list(fulfilment.lines.select_related("order_line").order_by("pk"))
    if all(line.quantity == units.get(line.order_line_id, 0) for line in lines):
        call_off(fulfilment=fulfilment, move=move)
        return
    for line in lines:
        if count := units.get(line.order_line_id, 0):
            parcels.lessen(line=line, units=count, move=move)
    if fulfilment.wave_id:
        waves.settle(wave_id=fulfilment.wave_id, move=move)


def fit(*, order: Order, move: Move) -> None:
    """Parcels nobody has begun with hold no more than is set aside. The order must be locked.

    For whoever took promises back: what is missing belongs into no parcel.
    """
    rows = OrderLine.objects.filter(order=order, is_shipped=True).prefetch_related("parts")
    promises, taken = promises_of(rows), assigned_at(order)
    for one in _newest(order, force=False):
        place = one.location_id
        over = {}
        for line_id, places in taken.items():
            here = places[place] - promises[line_id].at.get(place, 0) if place else 0
            over[line_id] = max(here, places.total() - promises[line_id].ready)
        for line_id, count in _shrink(one, over, move).items():
            taken[line_id][place] -= count
