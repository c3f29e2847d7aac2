import pytest
import stripe

from shop.standin import webhooks
from tests.standin.receiver import SECRET


def pay(browser, session):
    browser.post(session.url, data={"pm": "pm_card_visa"})


def test_a_webhook_carries_a_signature_the_sdk_accepts(open_session, receiver, eventually, browser):
    session = open_session()

    pay(browser, session)

    (event,) = eventually(lambda: receiver.of_type("checkout.session.completed"))
    assert event.data.object.id == session.id
    assert event.data.object.payment_status == "paid"
    assert event.data.object.metadata["order"] == "10482"
    assert event.livemode is False


def test_the_signature_of_another_body_is_refused():
    header = webhooks.sign(b'{"object": "event"}', secret=SECRET, at=1)

    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(b'{"object": "other"}', header, SECRET)


def test_a_webhook_is_sent_again_while_the_shop_answers_500(
    client, open_session, receiver, eventually, browser
):
    receiver.refusals = 2

    client.v1.checkout.sessions.expire(open_session().id)

    eventually(lambda: len(receiver.received) == 3)
    assert len({received.event.id for received in receiver.received}) == 1
    eventually(lambda: browser.get("/_kit/ledger").json()["waiting_deliveries"] == 0)
    codes = [attempt["code"] for attempt in browser.get("/_kit/ledger").json()["deliveries"]]
    assert codes == [500, 500, 200]


def test_a_webhook_waits_while_the_shop_is_down(client, open_session, standin, browser, eventually):
    browser.post("/_kit/config", json={"webhook": "http://127.0.0.1:9/"})

    client.v1.checkout.sessions.expire(open_session().id)

    eventually(lambda: standin.desk.store.attempts)
    assert standin.desk.store.attempts[0]["code"] == 0
    assert len(standin.desk.store.deliveries) == 1


def test_the_pause_between_attempts_grows_up_to_a_minute():
    pauses = [webhooks.retry_delay_s(attempt) for attempt in range(10)]

    assert pauses == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_an_event_may_come_twice(client, open_session, receiver, eventually, browser):
    browser.post("/_kit/config", json={"dup": 1})

    client.v1.checkout.sessions.expire(open_session().id)

    eventually(lambda: len(receiver.received) == 2)
    assert len({received.event.id for received in receiver.received}) == 1


def test_a_dropped_event_is_still_listed(client, open_session, receiver, browser):
    browser.post("/_kit/config", json={"drop": 1})
    session = open_session()

    pay(browser, session)

    listed = client.v1.events.list({"type": "checkout.session.completed"})
    assert listed.data[0].data.object.id == session.id
    assert receiver.received == []


def test_an_event_made_by_hand_is_delivered_as_given(browser, receiver, eventually):
    given = {
        "id": "evt_by_hand",
        "type": "payment_intent.succeeded",
        "livemode": True,
        "data": {"object": {"id": "pi_1", "amount": 1}},
    }

    browser.post("/_kit/send_event", json=given)

    eventually(lambda: receiver.received)
    event = receiver.received[0].event
    assert (event.id, event.livemode, event.data.object.amount) == ("evt_by_hand", True, 1)
