import pytest
import time_machine

from tests.analytics.books import NOW
from tests.factories import MarketFactory
from tests.factories.people import staff


@pytest.fixture(autouse=True)
def _now():
    MarketFactory()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    client.force_login(staff("manager"))
    return client


@pytest.fixture
def warehouse(client):
    client.force_login(staff("warehouse"))
    return client
