import threading

import pytest
import stripe

from tests.standin.conftest import session_params

KEY = {"idempotency_key": "order-10482-v1"}


def test_the_same_call_twice_opens_one_session(client):
    first = client.v1.checkout.sessions.create(session_params(), KEY)

    second = client.v1.checkout.sessions.create(session_params(), KEY)

    assert second.id == first.id
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_the_same_key_with_other_parameters_is_refused(client):
    client.v1.checkout.sessions.create(session_params(), KEY)

    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        client.v1.checkout.sessions.create(session_params(client_reference_id="10483"), KEY)


def test_a_call_refused_for_its_parameters_does_not_use_up_the_key(client):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(session_params(success_url=""), KEY)

    session = client.v1.checkout.sessions.create(session_params(), KEY)

    assert session.status == "open"


def test_a_decline_is_replayed(client):
    params = {
        "amount": 500,
        "currency": "gbp",
        "payment_method": "pm_card_chargeDeclined",
        "confirm": True,
    }
    with pytest.raises(stripe.CardError) as first:
        client.v1.payment_intents.create(params, KEY)

    with pytest.raises(stripe.CardError) as second:
        client.v1.payment_intents.create(params, KEY)

    assert first.value.error.decline_code == second.value.error.decline_code == "generic_decline"
    assert len(client.v1.payment_intents.list().data) == 1


def test_a_key_is_free_again_after_a_day(client, browser):
    first = client.v1.checkout.sessions.create(session_params(), KEY)
    browser.post("/_kit/advance", json={"seconds": 86_401})

    second = client.v1.checkout.sessions.create(session_params(client_reference_id="10483"), KEY)

    assert second.id != first.id


def test_the_same_key_at_the_same_moment_has_one_effect(standin, browser):
    standin.desk.faults.latency_ms = 50
    headers = {"Authorization": "Bearer sk_test_x", "Idempotency-Key": "same"}
    body = {"amount": "500", "currency": "gbp", "payment_method": "pm_card_visa", "confirm": "true"}
    statuses = []

    def call():
        answer = browser.post("/v1/payment_intents", data=body, headers=headers)
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(statuses) <= {200, 409}
    assert len(standin.desk.store.charges) == 1


def test_a_cut_connection_is_healed_by_the_sdks_retry(standin, retrying_client, browser):
    browser.post("/_kit/config", json={"fail_after": 1})
    threading.Timer(0.3, standin.desk.faults.set, [{"fail_after": 0}]).start()

    session = retrying_client.v1.checkout.sessions.create(session_params(), KEY)

    assert session.status == "open"
    assert len(standin.desk.store.sessions) == 1


def test_a_failure_before_the_work_leaves_nothing(client, browser):
    browser.post("/_kit/config", json={"fail_before": 1})

    with pytest.raises(stripe.APIError):
        client.v1.checkout.sessions.create(session_params(), KEY)

    browser.post("/_kit/config", json={"fail_before": 0})
    assert client.v1.checkout.sessions.list().data == []
    assert client.v1.checkout.sessions.create(session_params(), KEY).status == "open"
