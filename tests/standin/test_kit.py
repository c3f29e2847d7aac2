import threading
from collections import Counter

import httpx
import pytest
import stripe

INTENT = {"amount": 2000, "currency": "gbp", "payment_method": "pm_card_visa", "confirm": True}
KEY = {"idempotency_key": "payment-1"}


@pytest.fixture
def events(client, receiver, eventually):
    """The events of one charge, each of them delivered once."""
    client.v1.payment_intents.create(INTENT)
    eventually(lambda: len(receiver.received) == 3)
    ids = [event.id for event in client.v1.events.list().data]
    receiver.received.clear()
    return ids


def test_events_are_repeated_ten_times_in_any_order(events, browser, receiver, eventually):
    given = {"times": 10, "shuffle": True}
    queued = browser.post("/_kit/webhooks/repeat", json=given).json()["queued"]

    eventually(lambda: len(receiver.received) == 30)
    assert queued == 30
    assert set(Counter(one.event.id for one in receiver.received).values()) == {10}


def test_events_are_repeated_by_type(events, browser, receiver, eventually):
    browser.post("/_kit/webhooks/repeat", json={"types": ["charge.succeeded"]})

    eventually(lambda: receiver.received)
    assert receiver.types() == ["charge.succeeded"]


def test_events_held_back_are_sent_later(client, browser, receiver, eventually):
    browser.post("/_kit/config", json={"drop": 1})
    client.v1.payment_intents.create(INTENT)

    browser.post("/_kit/advance", json={"seconds": 86_400})
    browser.post("/_kit/webhooks/repeat", json={})

    eventually(lambda: len(receiver.received) == 3)
    assert len(set(receiver.types())) == 3


@pytest.fixture
def hold(browser):
    def hold(call, where):
        given = {"call": call, "where": where}
        return browser.post("/_kit/hold", json=given).json()["id"]

    return hold


@pytest.fixture
def waiting(browser, eventually):
    return lambda: eventually(lambda: browser.get("/_kit/holds").json()["holds"][0]["waiting"])


@pytest.fixture
def call(client):
    """Make a call in a thread of its own; its outcome is in the list."""
    outcomes = []

    def call(work):
        def run():
            try:
                outcomes.append(work())
            except stripe.StripeError as error:
                outcomes.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread, outcomes

    return call


def test_a_call_held_before_its_effect_has_none_until_it_is_let_go(
    client, standin, browser, hold, waiting, call
):
    held = hold("POST /v1/payment_intents", "before")
    thread, outcomes = call(lambda: client.v1.payment_intents.create(INTENT, KEY))
    waiting()
    before = len(standin.desk.store.charges)

    browser.post(f"/_kit/holds/{held}/release")
    thread.join(5)

    assert (before, len(standin.desk.store.charges)) == (0, 1)
    assert outcomes[0].status == "succeeded"


def test_a_call_held_after_its_effect_has_had_it(standin, browser, client, hold, waiting, call):
    held = hold("POST /v1/payment_intents", "after")
    thread, outcomes = call(lambda: client.v1.payment_intents.create(INTENT, KEY))
    waiting()
    charged = len(standin.desk.store.charges)

    browser.post(f"/_kit/holds/{held}/release", json={"drop": True})
    thread.join(5)

    again = client.v1.payment_intents.create(INTENT, KEY)
    assert charged == 1
    assert isinstance(outcomes[0], stripe.APIConnectionError)
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(standin.desk.store.charges) == 1


def test_a_dropped_call_has_no_effect(standin, browser, client, hold, waiting, call):
    held = hold("POST /v1/payment_intents", "before")
    thread, outcomes = call(lambda: client.v1.payment_intents.create(INTENT, KEY))
    waiting()

    browser.post(f"/_kit/holds/{held}/release", json={"drop": True})
    thread.join(5)

    assert isinstance(outcomes[0], stripe.APIConnectionError)
    assert not standin.desk.store.intents
    assert client.v1.payment_intents.create(INTENT, KEY).status == "succeeded"


def test_the_same_key_is_busy_while_its_call_is_held(browser, client, hold, waiting, call):
    held = hold("POST /v1/payment_intents", "before")
    thread, _outcomes = call(lambda: client.v1.payment_intents.create(INTENT, KEY))
    waiting()

    with pytest.raises(stripe.APIError) as refused:
        client.v1.payment_intents.create(INTENT, KEY)

    browser.post(f"/_kit/holds/{held}/release")
    thread.join(5)
    assert refused.value.http_status == 409


def test_a_hold_catches_the_call_it_names_and_that_once(client, browser, hold):
    intent = client.v1.payment_intents.create(INTENT)
    hold("POST /v1/payment_intents/*/capture", "before")

    refund = client.v1.refunds.create({"payment_intent": intent.id})

    assert refund.status == "succeeded"
    assert browser.get("/_kit/holds").json()["holds"][0]["waiting"] == 0
    browser.post("/_kit/release")
    assert browser.get("/_kit/holds").json()["holds"] == []


def test_the_kit_answers_while_a_call_is_held(standin, browser, client, hold, waiting, call):
    hold("POST /v1/payment_intents", "after")
    thread, _outcomes = call(lambda: client.v1.payment_intents.create(INTENT))
    waiting()

    with httpx.Client(base_url=standin.url, timeout=2) as other:
        ledger = other.get("/_kit/ledger").json()

    browser.post("/_kit/release")
    thread.join(5)
    assert len(ledger["charges"]) == 1
    assert {"disputes", "payouts", "movements", "payment_methods"} <= ledger.keys()


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/_kit/hold", {"call": "POST /v1/refunds", "where": "during"}),
        ("/_kit/webhooks/repeat", {"times": 0}),
        ("/_kit/config", {"refunds": "never"}),
        ("/_kit/holds/hold_unknown/release", {}),
    ],
)
def test_a_handle_used_wrongly_says_so(browser, path, given):
    assert browser.post(path, json=given).status_code in {400, 404}
