"""A Stripe that takes every call and never answers: the shop does not wait with it."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.urls import reverse

from payments.gateways.base import GatewayUnreachable
from payments.gateways.stripe import client as stripe_client
from payments.gateways.stripe import close_clients
from payments.gateways.stripe.client import asking
from tests.factories import placed_order


@pytest.fixture
def silent(settings, monkeypatch):
    """Who came so far to a server that lets everybody in and says nothing."""
    came = []

    def let_in(door):
        while True:
            try:
                came.append(door.accept()[0])
            except OSError:
                return

    close_clients()
    monkeypatch.setattr(stripe_client, "TIMEOUT", (1, 1))
    monkeypatch.setattr(stripe_client, "TURN", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=let_in, args=(door,), daemon=True).start()
        settings.STRIPE_API_BASE = f"http://127.0.0.1:{door.getsockname()[1]}"
        yield came
    close_clients()


def ask(_time=None):
    with pytest.raises(GatewayUnreachable), asking() as stripe:
        stripe.v1.balance.retrieve()


def test_silence_is_not_asked_again_and_after_two_nobody_calls(silent):
    for _time in range(4):
        ask()

    assert len(silent) == 2


def test_one_thread_of_a_process_is_never_kept_waiting(silent):
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask, range(6)))

    assert len(silent) == 3


@pytest.mark.django_db(transaction=True)
def test_the_shopper_finds_the_order_safe_and_waits_on_one_page(client, silent):
    order = placed_order(payment_method="card")
    pay = reverse("payments:pay", args=[order.number]) + f"?t={order.link_token}"

    sent_to = client.post(pay, headers={"Sec-Fetch-Site": "same-origin"})
    page = client.get(sent_to["Location"])

    assert page.status_code == 202
    assert f"Order {order.number} is safe with us" in page.content.decode()
