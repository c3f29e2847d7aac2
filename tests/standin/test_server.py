import signal
import socket
import subprocess
import sys

import pytest
import stripe

from shop.standin.server import Options, Standin
from tests.standin.conftest import client_of

SERVE = "from shop.standin.server import *; s = Standin(Options(port=0)); print(s.url, flush=True); serve(s)"


def test_refuses_a_call_without_a_key(browser):
    answer = browser.get("/v1/events")

    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("key", ["pk_test_x", "sk_live_x"])
def test_refuses_a_key_that_is_no_test_key(standin, key):
    (client,) = client_of(standin, key=key)

    with pytest.raises(stripe.AuthenticationError):
        client.v1.events.list()


def test_the_modules_own_address_setting_works_too(standin, monkeypatch):
    monkeypatch.setattr(stripe, "api_base", standin.url)
    monkeypatch.setattr(stripe, "api_key", "sk_test_x")
    http_client = stripe.RequestsClient()
    monkeypatch.setattr(stripe, "default_http_client", http_client)

    customer = stripe.Customer.create(email="alice@example.com")

    assert customer.email == "alice@example.com"
    http_client.close()


def test_an_unknown_call_is_not_found(browser):
    answer = browser.get("/v1/unicorns", headers={"Authorization": "Bearer sk_test_x"})

    assert answer.status_code == 404


def test_refuses_a_body_above_256_kilobytes(browser):
    answer = browser.post("/v1/customers", content=b"x" * (256 * 1024 + 1))

    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=1&a[b]=2", b"a[b][c][d][e][f][g][h][i]=1"])
def test_a_broken_body_is_a_bad_request(browser, body):
    headers = {"Authorization": "Bearer sk_test_x"}

    assert browser.post("/v1/customers", content=body, headers=headers).status_code == 400


def test_listens_on_this_machine_only(standin):
    assert standin._server.server_address[0] == "127.0.0.1"


def test_says_when_the_port_is_taken(standin):
    port = standin._server.server_port

    with pytest.raises(OSError, match="in use"):
        Standin(Options(port=port))


def test_a_web_page_cannot_reach_the_test_handles(browser):
    answer = browser.post("/_kit/reset", headers={"Origin": "http://elsewhere.example"})

    assert answer.status_code == 403


def test_the_ledger_shows_what_moved_and_reset_forgets_it(browser, open_session):
    session = open_session()
    paid = browser.post(f"/_kit/pay/{session.id}").json()
    ledger = browser.get("/_kit/ledger").json()

    browser.post("/_kit/reset")

    assert paid["success_url"].endswith(session.id)
    assert [(charge["amount"], charge["refunded"]) for charge in ledger["charges"]] == [(3195, 0)]
    assert browser.get("/_kit/ledger").json()["charges"] == []


@pytest.mark.parametrize("change", [{"dup": 2}, {"latency_ms": "fast"}, {"unknown": 1}])
def test_refuses_a_fault_that_makes_no_sense(browser, change):
    assert browser.post("/_kit/config", json=change).status_code == 400


def test_stops_cleanly_when_asked(http_client):
    process = subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE, text=True)
    with process:
        url = process.stdout.readline().strip()
        health = http_client.get(f"{url}/healthz")

        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=5) == 0
    assert health.status_code == 200
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])))
