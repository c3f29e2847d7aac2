"""Which location sends what."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from inventory.models import Location, Routing
from inventory.services.terms import Route

# {variant id: {location id: units}}
Offers = Mapping[int, Mapping[int, int]]
Spread = dict[int, list[tuple[int, int]]]
# From here on a good set of locations is good enough; the best one takes too long to find.
MANY = 8


def strategy() -> Routing.Strategy:
    row, _created = Routing.objects.get_or_create(pk=1)
    return Routing.Strategy(row.strategy)


def in_turn(
    *, locations: Iterable[Location], by: Routing.Strategy, route: Route | None = None
) -> list[int]:
    """Location ids, first the one that is asked first."""
    places = sorted(locations, key=lambda place: (place.position, place.pk))
    if by == Routing.Strategy.NEAREST and route is not None:
        places.sort(key=lambda place: _nearness(place, route), reverse=True)
    return [place.pk for place in places]


def _nearness(place: Location, route: Route) -> tuple[bool, int]:
    """Same country before others, and in it, the more of the postcode is the same."""
    if not route.country or place.country.upper() != route.country.upper():
        return False, 0
    return True, _same_beginning(_plain(place.postcode), _plain(route.postcode))


def _plain(postcode: str) -> str:
    return "".join(filter(str.isalnum, postcode.upper()))


def _same_beginning(one: str, other: str) -> int:
    same = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        same += 1
    return same


def spread(
    *, wanted: Mapping[int, int], offers: Offers, turn: Sequence[int], by: Routing.Strategy
) -> Spread:
    """Take what is wanted of each variant: [(location id, units)]. offers must be enough."""
    if by != Routing.Strategy.FEWEST_PARCELS:
        return {pk: _fill(units, offers.get(pk, {}), turn) for pk, units in wanted.items()}
    chosen = _fewest(wanted, offers, turn)
    return {
        pk: _fill(units, offers.get(pk, {}), _whole_first(units, offers.get(pk, {}), chosen))
        for pk, units in wanted.items()
    }


def _fill(units: int, offered: Mapping[int, int], turn: Iterable[int]) -> list[tuple[int, int]]:
    taken = []
    for place in turn:
        if some := min(units, offered.get(place, 0)):
            units -= some
            taken.append((place, some))
    return taken


def _whole_first(units: int, offered: Mapping[int, int], turn: Sequence[int]) -> list[int]:
    """A line is not torn apart when one of the chosen locations has all of it."""
    return sorted(turn, key=lambda place: offered.get(place, 0) < units)


def _fewest(wanted: Mapping[int, int], offers: Offers, turn: Sequence[int]) -> Sequence[int]:
    """The smallest set of locations that has everything; of two, the one asked first."""
    places = [place for place in turn if any(offers.get(pk, {}).get(place) for pk in wanted)]
    if len(places) > MANY:
        return _few(wanted, offers, places)
    for size in range(1, len(places) + 1):
        for some in combinations(places, size):
            if _are_enough(some, wanted, offers):
                return some
    return places


def _are_enough(places: Sequence[int], wanted: Mapping[int, int], offers: Offers) -> bool:
    return all(
        sum(offers.get(pk, {}).get(place, 0) for place in places) >= units
        for pk, units in wanted.items()
    )


def _few(wanted: Mapping[int, int], offers: Offers, places: Sequence[int]) -> list[int]:
    """Always the location next that has most of what is still missing."""
    missing, left, chosen = dict(wanted), list(places), list[int]()
    while left and any(missing.values()):
        best = max(left, key=lambda place: _helps(place, missing, offers))
        left.remove(best)
        chosen.append(best)
        for pk, units in missing.items():
            missing[pk] = max(0, units - offers.get(pk, {}).get(best, 0))
    return chosen


def _helps(place: int, missing: Mapping[int, int], offers: Offers) -> int:
    return sum(min(units, offers.get(pk, {}).get(place, 0)) for pk, units in missing.items())
