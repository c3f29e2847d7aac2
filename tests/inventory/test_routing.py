"""Which location sends what."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.models import Location, Routing
from inventory.services import routing
from inventory.services.stock import Route

By = Routing.Strategy
LEEDS = Location(pk=1, position=1, country="GB", postcode="LS1 4AP")
LONDON = Location(pk=2, position=2, country="GB", postcode="E1 6AN")
BERLIN = Location(pk=3, position=0, country="DE", postcode="10115")
ALL = [LEEDS, LONDON, BERLIN]
PLACES = [1, 2, 3, 4]
OFFERS = st.dictionaries(
    st.integers(10, 13), st.dictionaries(st.sampled_from(PLACES), st.integers(0, 6)), min_size=1
)


def _turn(by, route=None):
    return routing.in_turn(locations=ALL, by=by, route=route)


def test_priority_asks_in_the_order_of_locations():
    assert _turn(By.PRIORITY, Route("GB", "E1 7AA")) == [3, 1, 2]


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        (Route("GB", "e1 7aa"), [2, 1, 3]),
        (Route("GB", "LS17 8AA"), [1, 2, 3]),
        # Same country, and nothing of the postcode in common.
        (Route("GB", "ZZ1"), [1, 2, 3]),
        (Route("DE", "E1 6AN"), [3, 1, 2]),
        (Route("FR", "LS1 4AP"), [3, 1, 2]),
        (None, [3, 1, 2]),
    ],
)
def test_nearest_goes_by_country_then_postcode_then_position(route, expected):
    assert _turn(By.NEAREST, route) == expected


def test_priority_takes_all_it_can_from_the_first():
    taken = routing.spread(wanted={10: 5}, offers={10: {1: 3, 2: 5}}, turn=[1, 2], by=By.PRIORITY)

    assert taken == {10: [(1, 3), (2, 2)]}


def test_fewest_parcels_takes_all_from_the_one_that_has_all():
    taken = routing.spread(
        wanted={10: 2, 11: 2},
        offers={10: {1: 2, 2: 2, 3: 9}, 11: {2: 1, 3: 2}},
        turn=[1, 2, 3],
        by=By.FEWEST_PARCELS,
    )

    assert taken == {10: [(3, 2)], 11: [(3, 2)]}


def test_of_two_equally_few_the_first_in_turn_is_taken():
    taken = routing.spread(
        wanted={10: 2}, offers={10: {1: 2, 2: 2}}, turn=[2, 1], by=By.FEWEST_PARCELS
    )

    assert taken == {10: [(2, 2)]}


def test_a_line_is_not_torn_apart_when_one_of_the_chosen_has_all_of_it():
    taken = routing.spread(
        wanted={10: 3, 11: 1},
        offers={10: {1: 1, 2: 3}, 11: {1: 1}},
        turn=[1, 2],
        by=By.FEWEST_PARCELS,
    )

    assert taken == {10: [(2, 3)], 11: [(1, 1)]}


def _can_be_had(offers):
    return {pk: sum(places.values()) for pk, places in offers.items()}


@given(offers=OFFERS, by=st.sampled_from(By), share=st.integers(1, 3))
@settings(max_examples=60)
def test_takes_exactly_what_is_wanted_and_never_more_than_is_offered(offers, by, share):
    wanted = {pk: -(-units // share) for pk, units in _can_be_had(offers).items()}

    taken = routing.spread(wanted=wanted, offers=offers, turn=PLACES, by=by)

    assert {pk: sum(units for _place, units in some) for pk, some in taken.items()} == wanted
    assert all(0 < units <= offers[pk][place] for pk in taken for place, units in taken[pk])


@given(offers=OFFERS)
@settings(max_examples=60)
def test_no_smaller_set_of_locations_would_do(offers):
    wanted = {pk: -(-units // 2) for pk, units in _can_be_had(offers).items()}

    taken = routing.spread(wanted=wanted, offers=offers, turn=PLACES, by=By.FEWEST_PARCELS)

    used = {place for some in taken.values() for place, _units in some}
    smaller = combinations(PLACES, max(0, len(used) - 1))
    assert not any(
        used
        and all(sum(offers[pk].get(p, 0) for p in few) >= units for pk, units in wanted.items())
        for few in smaller
    )


def test_many_locations_are_chosen_well_and_quickly():
    offers = {10: dict.fromkeys(range(1, 30), 1) | {40: 20}}

    taken = routing.spread(
        wanted={10: 21}, offers=offers, turn=[*range(1, 30), 40], by=By.FEWEST_PARCELS
    )

    assert taken == {10: [(40, 20), (1, 1)]}
