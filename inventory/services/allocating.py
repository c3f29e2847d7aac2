"""Allocating: an order is promised its units, from the shelf or from what comes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from inventory.models import StockMovement
from inventory.services import offering, owing, promising, shelves
from inventory.services.offering import Offer
from inventory.services.promising import Take
from inventory.services.reservations import variants_of
from inventory.services.routing import Spread
from inventory.services.terms import OutOfStock, Promised, Route, Shopper, Shown, Why
from shop.lib.locks import in_one

# {holder: (variant id, units)}
Lines = Mapping[UUID, tuple[int, int]]


@in_one
def allocate(
    *,
    lines: Lines,
    reference: str,
    now: dt.datetime,
    route: Route | None = None,
    shopper: UUID | Shopper | None = None,
    whole: Collection[UUID] = (),
) -> Promised:
    """Promise units to holders: {holder: (variant id, units)}. All of it or none.

    shopper: whose reservations count as his, and end with this. whole: holders that are promised
    nothing ahead, the parts of bundles. A route with a place is served from there alone. Raises
    OutOfStock with what is left of each variant that ran short: from the shelf, and ahead where its
    policy allows it.
    """
    wanted = _sums(lines)
    if isinstance(shopper, UUID):
        shopper = Shopper(shopper, frozenset(variants_of(holder=shopper)))
    variants = wanted.keys() | (shopper.variants if shopper else ())
    shelf = shelves.lock(variant_ids=variants, now=now)
    offer = offering.make(
        shelf, shopper.holder if shopper else None, route.place if route else None
    )
    ahead = _ahead(lines, wanted, offer, whole)
    there = {pk: units - ahead.get(pk, 0) for pk, units in wanted.items()}
    why = Why(kind=StockMovement.Kind.ALLOCATION, now=now, reference=reference)
    # Whoever can't wait is served first.
    queue = sorted(lines, key=lambda holder: holder not in whole)
    takes, waiting = _share_out(queue, lines, offer, offer.spread(there, route))
    promising.grant(shelf, takes, why)
    backorders = owing.owe(shelf, waiting)
    shelf.save()
    unseen = {
        pk
        for pk, units in wanted.items()
        if offering.is_plenty(shelf, pk, offer.freed[pk])
        or offering.is_same_to_others(offer, pk, units)
    }
    freed = max(offer.freed.values(), default=0)
    return Promised(backorders, Shown(unseen, freed, shelf.bundles))


def _sums(lines: Lines) -> dict[int, int]:
    wanted: dict[int, int] = defaultdict(int)
    for variant_id, units in lines.values():
        wanted[variant_id] += units
    return wanted


def _ahead(
    lines: Lines, wanted: Mapping[int, int], offer: Offer, whole: Collection[UUID]
) -> dict[int, int]:
    """Units of each variant that are promised without being there. Raises OutOfStock."""
    at_once = _sums({holder: line for holder, line in lines.items() if holder in whole})
    short, ahead = {}, {}
    for variant_id, units in wanted.items():
        there = offer.of(variant_id)
        room = owing.room(offer.shelf, variant_id)
        if units > there + room or at_once[variant_id] > there:
            short[variant_id] = there if at_once[variant_id] > there else there + room
        elif units > there:
            ahead[variant_id] = units - there
    if short:
        raise OutOfStock(short)
    return ahead


def _share_out(
    queue: list[UUID], lines: Lines, offer: Offer, spread: Spread
) -> tuple[list[Take], dict[UUID, tuple[int, int]]]:
    """Who gets which units, and who waits for how many."""
    left = {pk: dict(places) for pk, places in spread.items()}
    takes, waiting = [], {}
    for holder in queue:
        variant_id, units = lines[holder]
        for place, offered in left[variant_id].items():
            if taken := min(units, offered):
                units -= taken
                left[variant_id][place] -= taken
                takes.append(Take(holder, offer.item(variant_id, place), taken))
        if units:
            waiting[holder] = (variant_id, units)
    return takes, waiting
