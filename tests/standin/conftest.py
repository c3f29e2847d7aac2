import time

import httpx
import pytest
import stripe

from shop.standin.server import Options, Standin
from tests.standin.receiver import SECRET, Receiver


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def standin(receiver):
    standin = Standin(Options(port=0, webhook=receiver.url, secret=SECRET))
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture(scope="session")
def http_client():
    # One for all tests: making one reads the system's certificates, which is slow.
    with httpx.Client() as http_client:
        yield http_client


@pytest.fixture
def browser(standin, http_client):
    http_client.base_url = standin.url
    return http_client


@pytest.fixture
def client(standin):
    yield from client_of(standin)


def client_of(standin, *, key="sk_test_for_tests", retries=0):
    http_client = stripe.RequestsClient()
    yield stripe.StripeClient(
        key,
        base_addresses={"api": standin.url},
        http_client=http_client,
        max_network_retries=retries,
    )
    http_client.close()


@pytest.fixture
def retrying_client(standin):
    yield from client_of(standin, retries=3)


@pytest.fixture
def open_session(client):
    """Open a session for two mugs and their delivery: 2 x 14.00 + 3.95 pounds."""

    def open_session(**changes):
        return client.v1.checkout.sessions.create(session_params(**changes))

    return open_session


def session_params(**changes):
    return {
        "mode": "payment",
        "client_reference_id": "10482",
        "customer_email": "alice@example.com",
        "locale": "en",
        "line_items": [
            {
                "quantity": 2,
                "price_data": {
                    "currency": "gbp",
                    "unit_amount": 1400,
                    "product_data": {"name": "Stoneware mug"},
                },
            }
        ],
        "shipping_options": [
            {
                "shipping_rate_data": {
                    "display_name": "Standard delivery",
                    "type": "fixed_amount",
                    "fixed_amount": {"amount": 395, "currency": "gbp"},
                }
            }
        ],
        "metadata": {"order": "10482"},
        "payment_intent_data": {"metadata": {"order": "10482"}},
        "success_url": "http://127.0.0.1:8000/paid/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:8000/checkout/",
        **changes,
    }


@pytest.fixture
def eventually():
    def eventually(is_so, *, within_s=5.0):
        end = time.monotonic() + within_s
        while not (value := is_so()):
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.02)
        return value

    return eventually
