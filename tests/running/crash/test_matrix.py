"""People buy while parts of the shop die or its provider fails; afterwards all books agree."""

import pytest

from tests.running.crash.disasters import MATRIX, TICK, buy_through
from tests.running.crash.promises import all_broken
from tests.running.crash.shoppers import Crowd

SECONDS = 4.0


@pytest.mark.parametrize("disaster", MATRIX, ids=[one.name for one in MATRIX])
def test_no_promise_breaks_when_it_fails(house, provider, staff, victims, calm, disaster):
    crowd = Crowd(house, provider)

    died = buy_through(disaster, crowd, victims=victims, provider=provider, seconds=SECONDS)
    house.wait_until_ready(120)
    calm.age_payments()
    staff.run(TICK)
    calm.wait()

    assert bool(died) == bool(disaster.strikes)
    assert crowd.problems == []
    assert crowd.purchases
    assert all_broken(house, provider, crowd.purchases) == {}
