import time

import pytest
import stripe

from tests.standin.conftest import session_params


def test_opens_a_session_with_the_sum_of_lines_and_delivery(open_session):
    session = open_session()

    assert session.status == "open"
    assert session.payment_status == "unpaid"
    assert (session.amount_total, session.currency) == (3195, "gbp")
    assert session.total_details.amount_shipping == 395
    assert session.client_reference_id == "10482"
    assert session.metadata["order"] == "10482"
    assert session.url.endswith(f"/pay/{session.id}")
    assert len(session.id) > 60


def test_a_paid_session_has_an_intent_with_its_own_metadata(client, open_session, browser):
    session = open_session()

    browser.post(session.url, data={"pm": "pm_card_visa"})

    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (paid.status, paid.payment_status) == ("complete", "paid")
    assert paid.payment_intent.status == "succeeded"
    assert paid.payment_intent.amount_received == 3195
    assert paid.payment_intent.metadata["order"] == "10482"
    assert paid.url is None


def test_shows_the_lines_of_a_session(client, open_session):
    session = open_session()

    expanded = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]})
    listed = client.v1.checkout.sessions.line_items.list(session.id)

    assert expanded.line_items.data[0].description == "Stoneware mug"
    assert (listed.data[0].quantity, listed.data[0].amount_total) == (2, 2800)


def test_lists_sessions_newest_first_in_pages(client, open_session):
    ids = [open_session().id for _ in range(3)]

    first = client.v1.checkout.sessions.list({"limit": 2})
    everything = list(first.auto_paging_iter())

    assert first.has_more
    assert [session.id for session in everything] == ids[::-1]


def test_lists_the_session_of_an_intent(client, open_session, browser):
    open_session()
    session = open_session()
    browser.post(session.url, data={"pm": "pm_card_visa"})
    intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent

    found = client.v1.checkout.sessions.list({"payment_intent": intent})

    assert [one.id for one in found.data] == [session.id]


def test_an_expired_session_takes_no_payment(client, open_session, browser, receiver, eventually):
    session = open_session()

    expired = client.v1.checkout.sessions.expire(session.id)
    page = browser.post(f"/pay/{session.id}", data={"pm": "pm_card_visa"})

    assert expired.status == "expired"
    assert page.status_code == 410
    assert "has expired" in page.text
    assert client.v1.checkout.sessions.retrieve(session.id).payment_intent is None
    eventually(lambda: receiver.of_type("checkout.session.expired"))


def test_a_session_expires_when_its_time_is_over(client, open_session, browser):
    session = open_session(expires_at=int(time.time()) + 1800)

    browser.post("/_kit/advance", json={"seconds": 1801})

    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_refuses_to_expire_a_paid_session(client, open_session, browser):
    session = open_session()
    browser.post(session.url, data={"pm": "pm_card_visa"})

    with pytest.raises(stripe.InvalidRequestError, match="complete"):
        client.v1.checkout.sessions.expire(session.id)


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"line_items": []}, "line_items"),
        ({"success_url": ""}, "success_url"),
        ({"success_url": "javascript:alert(1)"}, "success_url"),
        ({"cancel_url": "/checkout/"}, "cancel_url"),
        ({"mode": "subscription"}, "mode"),
        ({"expires_at": 1}, "expires_at"),
        ({"sucess_url": "http://127.0.0.1/"}, "sucess_url"),
        ({"metadata": {"k" * 41: "v"}}, "metadata"),
    ],
)
def test_refuses_wrong_parameters_by_name(client, changes, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(session_params(**changes))

    assert refused.value.http_status == 400
    assert refused.value.param.startswith(param)


def test_refuses_prices_in_two_currencies(client):
    params = session_params()
    rate = params["shipping_options"][0]["shipping_rate_data"]
    rate["fixed_amount"]["currency"] = "eur"

    with pytest.raises(stripe.InvalidRequestError, match="currency"):
        client.v1.checkout.sessions.create(params)


def test_refuses_a_total_below_the_least_amount(client):
    params = session_params(shipping_options=[])
    params["line_items"][0]["price_data"]["unit_amount"] = 10

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(params)

    assert refused.value.code == "amount_too_small"


def test_an_unknown_session_is_not_found(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.retrieve("cs_test_unknown")

    assert refused.value.http_status == 404
    assert refused.value.code == "resource_missing"
