import pytest

from tests.accounts.vies_register import vies


@pytest.fixture
def register(settings):
    with vies() as server:
        settings.VIES_URL = server.url
        yield server
