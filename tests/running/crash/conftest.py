import pytest

from tests.running.crash.calm import Calm
from tests.running.crash.provider import Provider
from tests.running.crash.staff import DONE, READY, Staff
from tests.running.crash.victims import Victims


@pytest.fixture(scope="module")
def provider(house):
    provider = Provider(house)
    yield provider
    provider.release_all()
    provider.close()


@pytest.fixture(scope="module")
def victims(house):
    return Victims(house)


@pytest.fixture(scope="module")
def calm(house, provider):
    return Calm(house, provider)


@pytest.fixture(scope="module")
def staff(house):
    staff = Staff(house)
    staff.run(READY)
    yield staff
    house.wait_until_ready(120)
    staff.run(DONE)
    staff.close()
