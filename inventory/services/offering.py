"""What somebody may have of locked shelves: what is free, and what was kept for him."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet

from inventory.models import Location, Reservation, Routing, StockItem, StockPolicy
from inventory.services import routing
from inventory.services.routing import Spread
from inventory.services.shelves import Shelf
from inventory.services.terms import Route
from shop.lib.prepared import Prepared
from shop.lib.workdays import shop_day


@dataclass
class Offer:
    """Units that one holder may have, by variant and location, and whose reservations ended."""

    shelf: Shelf
    units: dict[int, dict[int, int]] = field(default_factory=dict)
    locations: dict[int, Location] = field(default_factory=dict)
    kept: dict[int, int] = field(default_factory=dict)
    # Units of variants that somebody kept too long: others may have them again.
    freed: Counter[int] = field(default_factory=Counter)
    # Since when the holder has had something of a stock item.
    since: dict[int, dt.datetime] = field(default_factory=dict)

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
    """What the holder may have. His reservations and expired ones end when the shelf is saved.

    place: the only location that is asked, whether it sends web orders or not.
    """
    ended = list(_ending(shelf, holder))
    own: dict[int, int] = {}
    offer = Offer(shelf)
    for one in ended:
        if one.until > shelf.now:
            own[one.stock_item_id] = one.quantity
        else:
            shelf.unreserve(shelf.items[one.stock_item_id], one.quantity)
            offer.freed[shelf.items[one.stock_item_id].variant_id] += one.quantity
        if one.holder == holder:
            offer.since[one.stock_item_id] = one.created_at
    for item in shelf.items.values():
        kept = own.get(item.pk, 0)
        if _is_asked(item.location, place):
            _add(offer, item, kept)
        if kept:
            shelf.unreserve(item, kept)
    shelf.ended += [one.pk for one in ended]
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
    found: list[Reservation] = ENDING.rows(items=reserved, holder=holder, now=shelf.now)
    return found


def _ending_rows(
    items: list[int], holder: UUID | None, now: dt.datetime
) -> "QuerySet[Reservation]":
    over = Q(until__lte=now) | (Q(holder=holder) if holder else Q())
    return Reservation.objects.filter(over, stock_item__in=items)


ENDING = Prepared(_ending_rows)


def is_same_to_others(offer: Offer, variant_id: int, units: int) -> bool:
    """Whether pages say what they said before these units were promised: all had been kept for him.

    Others find as many free as before, or none and still several who pay for the last ones.
    """
    was_his = offer.kept.get(variant_id) == units
    if not was_his or variant_id in offer.freed or variant_id in offer.shelf.policies:
        return False
    items = [one for one in offer.shelf.of(variant_id) if _is_asked(one.location, None)]
    is_free = any(free(offer.shelf, one) for one in items)
    return is_free or sum(one.reserved for one in items) > 1


def is_plenty(shelf: Shelf, variant_id: int, freed: int = 0) -> bool:
    """Whether anybody may have more of it than pages call few. Nothing expired may be kept.

    freed: so many came back, so there were fewer before.
    """
    items = [one for one in shelf.of(variant_id) if _is_asked(one.location, None)]
    policy = shelf.policies.get(variant_id)
    if policy is not None and is_too_early(policy, shelf.now):
        return False
    left = sum(free(shelf, one) for one in items) - (policy.waiting if policy else 0) - freed
    return left > sum(one.low_at for one in items) + 1
