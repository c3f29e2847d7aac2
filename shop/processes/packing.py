"""Packing: what of an order goes into a parcel, from which shelves, and taking it off them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from inventory.models import Location
from inventory.services import stock
from inventory.services.stock import Left
from orders.models import Order, OrderLine
from orders.queries import holders_of
from orders.services.orders import Move
from orders.services.promises import Promise, held_by, promises_of
from shipping.models import Fulfilment
from shipping.queries import assigned_at
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.processes.assigning import free

Contents = list[tuple[OrderLine, int]]


class NothingToShip(Refused):
    """Raised when no units were named, or more than are there."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What left the shelves. location: where all of it was, None when it was in several."""

    variant_ids: Sequence[int]
    cost: Decimal
    location: Location | None


def choose(
    *, order: Order, quantities: Mapping[int, int] | None, location: Location | None
) -> Contents:
    """What goes into the parcel, each line locked: {line id: units}; None: all that is there.

    Units in other open parcels are left out. Lines without a parcel are handed over when they are
    paid. Raises NothingToShip.
    """
    lines = [one for one in locked(OrderLine.objects.filter(order=order)) if one.is_shipped]
    promises, taken = promises_of(lines), assigned_at(order)
    ready = {line.pk: free(promises[line.pk], taken[line.pk], location) for line in lines}
    wanted = ready if quantities is None else quantities
    chosen = [(line, wanted.get(line.pk, 0)) for line in lines if wanted.get(line.pk, 0)]
    if not chosen:
        raise NothingToShip(_nothing(is_asked=quantities is None))
    for line, units in chosen:
        if not 0 < units <= ready[line.pk]:
            others = taken[line.pk].total()
            raise NothingToShip(_too_many(line, promises[line.pk], ready[line.pk], others))
    return chosen


def contents_of(fulfilment: Fulfilment) -> Contents:
    """What is in a parcel already, each line locked. Raises NothingToShip."""
    units = dict(fulfilment.lines.values_list("order_line", "quantity"))
    lines = locked(OrderLine.objects.filter(pk__in=units).prefetch_related("parts"))
    for line in lines:
        if units[line.pk] > line.unfulfilled:
            words = _("%(sku)s: only %(left)s left to ship.")
            raise NothingToShip(words % {"sku": line.sku, "left": line.unfulfilled})
    return [(line, units[line.pk]) for line in lines]


def _nothing(*, is_asked: bool) -> str:
    if is_asked:
        return _("Nothing that is left to ship is set aside here now.")
    return _("Say how many units you are sending.")


def _too_many(line: OrderLine, promise: Promise, ready: int, assigned: int) -> str:
    words = _("%(sku)s: %(ready)s to ship now.") % {"sku": line.sku, "ready": ready}
    if assigned:
        return f"{words} {_('%(count)s are in another parcel.') % {'count': assigned}}"
    others = line.unfulfilled - ready
    if promise.short:
        missing = _("%(count)s are missing.") % {"count": promise.short}
        return f"{words} {missing}"
    if others > 0:
        return f"{words} {_('%(count)s more are not here yet.') % {'count': others}}"
    return words


def take(*, order: Order, contents: Contents, location: Location | None, move: Move) -> Taken:
    """Take a parcel's units off the shelves. Raises StockRefused when they went meanwhile."""
    wanted = {
        holder: (variant_id, units * each)
        for line, units in contents
        for holder, (variant_id, each) in holders_of(line).items()
    }
    # All at once and first, however many places they lie in.
    stock.hold(variant_ids={pk for pk, _units in wanted.values() if pk is not None})
    places = _walk(wanted, location)
    taken = [_take_at(place, units, order, move) for place, units in places]
    return Taken(
        sorted({variant for one in taken for variant in one.variant_ids}),
        sum((one.cost for one in taken), Decimal(0)),
        places[0][0] if len(places) == 1 else None,
    )


def _walk(
    wanted: Mapping[UUID, tuple[int | None, int]], location: Location | None
) -> list[tuple[Location, dict[UUID, int]]]:
    """Which holder's units are fetched where: from as few of the first places as there are."""
    held = held_by(wanted)
    ours = Location.objects.exclude(kind=Location.Kind.PARTNER).order_by("position", "pk")
    found: dict[int, dict[UUID, int]] = defaultdict(dict)
    places = [location] if location else list(ours)
    for holder, (_variant, units) in wanted.items():
        left = units
        for place in places:
            if fetched := min(left, held[holder].at.get(place.pk, 0)):
                found[place.pk][holder] = fetched
                left -= fetched
        if left:
            raise stock.StockRefused(
                _("Fewer units are set aside for this line than you want to ship.")
            )
    return [(place, found[place.pk]) for place in places if place.pk in found]


def _take_at(place: Location, units: dict[UUID, int], order: Order, move: Move) -> Left:
    return stock.consume(
        quantities=units, reference=order.number, actor=move.actor, now=move.now, location=place
    )
