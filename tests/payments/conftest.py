import pytest

from payments.gateways.stripe import close_clients
from tests.payments.provider import Provider


@pytest.fixture
def provider(settings):
    provider = Provider(settings.STRIPE_WEBHOOK_SECRET)
    settings.STRIPE_API_BASE = provider.standin.url
    yield provider
    close_clients()
    provider.close()
