import pytest

from tests.factories.people import staff


@pytest.fixture
def sign_in(client, db):
    """A browser in which somebody with this role has signed in."""

    def signed_in(role):
        client.force_login(staff(role))
        return client

    return signed_in
