"""What somebody may have of locked shelves: what is free, and what was kept for him."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from inventory.models import Location, Reservation, Routing, StockItem, StockPolicy
from inventory.services import routing
from inventory.services.routing import Spread
from inventory.services.shelves import Shelf
from inventory.services.terms import Route
from shop.lib.workdays import shop_day


@dataclass
class Offer:
    """Units that one holder may have, by variant and location, and whose reservations ended."""

    shelf: Shelf
    units: dict[int, dict[int, int]] = field(default_factory=dict)
    locations: dict[int, Location] = field(default_factory=dict)
    kept: dict[int, int] = field(default_factory=dict)

    def of(self, variant_id: int) -> int:
        """Units from the shelf for somebody who comes now.

        What others wait for is theirs first, and a pre-order has none before its day.
        """
        policy = self.shelf.policies.get(variant_id)
        if policy is not None and is_too_early(policy, self.shelf.now):
            return 0
        kept = self.kept.get(variant_id, 0)
        free = sum(self.units.get(variant_id, {}).values()) - kept
        return kept + max(0, free - (policy.waiting if policy else 0))

    def spread(self, wanted: dict[int, int], route: Route | None = None) -> Spread:
        """Which location gives what; at most what of() says may be wanted."""
        # Where there is no choice, nobody asks how to choose.
        by = routing.strategy() if len(self.locations) > 1 else Routing.Strategy.PRIORITY
        turn = routing.in_turn(locations=self.locations.values(), by=by, route=route)
        return routing.spread(wanted=wanted, offers=self.units, turn=turn, by=by)

    def item(self, variant_id: int, location_id: int) -> StockItem:
        return self.shelf.at(variant_id, self.locations[location_id])


def is_too_early(policy: StockPolicy, now: dt.datetime) -> bool:
    """Whether it is a pre-order whose first day has not come."""
    is_preorder = policy.selling == StockPolicy.Selling.PREORDER
    first = policy.available_on
    return is_preorder and first is not None and shop_day(now) < first


def free(shelf: Shelf, item: StockItem) -> int:
    """Units that anybody may have."""
    taken = item.allocated + item.reserved + item.safety
    return max(0, item.on_hand - taken - shelf.stale(item))


def make(shelf: Shelf, holder: UUID | None = None, place: int | None = None) -> Offer:
    """What the holder may have. His reservations and expired ones end with it.

    place: the only location that is asked, whether it sends web orders or not.
    """
    ended = list(_ending(shelf, holder))
    own: dict[int, int] = {}
    for one in ended:
        if one.until > shelf.now:
            own[one.stock_item_id] = one.quantity
        else:
            shelf.unreserve(shelf.items[one.stock_item_id], one.quantity)
    offer = Offer(shelf)
    for item in shelf.items.values():
        kept = own.get(item.pk, 0)
        if _is_asked(item.location, place):
            _add(offer, item, kept)
        if kept:
            shelf.unreserve(item, kept)
    Reservation.objects.filter(pk__in=[one.pk for one in ended]).delete()
    return offer


def _is_asked(location: Location, place: int | None) -> bool:
    is_meant = location.sends_orders if place is None else location.pk == place
    return location.is_active and is_meant


def _add(offer: Offer, item: StockItem, kept: int) -> None:
    """What was kept for him is his, even where others are offered nothing any more."""
    offer.locations[item.location_id] = item.location
    offer.units.setdefault(item.variant_id, {})[item.location_id] = free(offer.shelf, item) + kept
    offer.kept[item.variant_id] = offer.kept.get(item.variant_id, 0) + kept


def _ending(shelf: Shelf, holder: UUID | None) -> Iterable[Reservation]:
    reserved = [item.pk for item in shelf.items.values() if item.reserved]
    if not reserved:
        return ()
    over = Q(until__lte=shelf.now) | (Q(holder=holder) if holder else Q())
    return Reservation.objects.filter(over, stock_item__in=reserved)
