import httpx
import pytest

from payments.gateways import stripe as gateway_module
from shop.standin.server import Options, Standin


class Provider:
    """Stripe's protocol on this machine, and its customers' hands."""

    def __init__(self, standin):
        self.standin = standin
        self.web = httpx.Client(base_url=standin.url, timeout=10)

    def pay(self, reference):
        """Pay a Checkout Session as a shopper would."""
        self.web.post(f"/_kit/pay/{reference}").raise_for_status()

    def break_down(self, **faults):
        self.web.post("/_kit/config", json=faults).raise_for_status()

    def ledger(self):
        return self.web.get("/_kit/ledger").json()


@pytest.fixture
def provider(settings):
    standin = Standin(Options(port=0, webhook="", secret=settings.STRIPE_WEBHOOK_SECRET))
    standin.start()
    settings.STRIPE_API_BASE = standin.url
    provider = Provider(standin)
    yield provider
    provider.web.close()
    gateway_module.close_clients()
    standin.stop()
