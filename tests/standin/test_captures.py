import pytest
import stripe

WEEK_S = 7 * 86_400


@pytest.fixture
def authorise(client):
    def authorise(**changes):
        return client.v1.payment_intents.create(
            {
                "amount": 2000,
                "currency": "gbp",
                "payment_method": "pm_card_visa",
                "capture_method": "manual",
                "confirm": True,
                **changes,
            }
        )

    return authorise


@pytest.fixture
def in_parts(authorise):
    options = {"card": {"request_multicapture": "if_available"}}
    return authorise(payment_method_options=options)


def charge_of(client, intent):
    return client.v1.charges.retrieve(intent.latest_charge)


def test_a_last_capture_lets_go_of_the_rest_without_a_refund(client, authorise):
    intent = authorise()

    client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 1500})

    charge = charge_of(client, intent)
    assert (charge.amount, charge.amount_captured, charge.amount_refunded) == (2000, 1500, 0)
    assert client.v1.refunds.list({"payment_intent": intent.id}).data == []


def test_is_captured_in_three_parts(client, in_parts, receiver, eventually):
    capture = client.v1.payment_intents.capture

    first = capture(in_parts.id, {"amount_to_capture": 500, "final_capture": False})
    second = capture(in_parts.id, {"amount_to_capture": 700, "final_capture": False})
    last = capture(in_parts.id, {"amount_to_capture": 800})

    seen = [(one.status, one.amount_capturable, one.amount_received) for one in (first, second)]
    assert seen == [("requires_capture", 1500, 500), ("requires_capture", 800, 1200)]
    assert (last.status, last.amount_capturable, last.amount_received) == ("succeeded", 0, 2000)
    assert charge_of(client, in_parts).payment_method_details.card.multicapture.status == (
        "available"
    )
    eventually(lambda: "payment_intent.succeeded" in receiver.types())
    update = "payment_intent.amount_capturable_updated"
    eventually(lambda: len(receiver.of_type(update)) == 3)
    taken = client.v1.balance_transactions.list({"type": "charge"}).data
    assert sorted(one.amount for one in taken) == [500, 700, 800]


def test_takes_never_more_than_was_authorised(client, in_parts):
    client.v1.payment_intents.capture(
        in_parts.id, {"amount_to_capture": 1500, "final_capture": False}
    )

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.capture(in_parts.id, {"amount_to_capture": 501})

    assert refused.value.code == "amount_too_large"


def test_parts_have_to_be_agreed_on_before(client, authorise):
    intent = authorise()

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.capture(intent.id, {"final_capture": False})

    assert refused.value.param == "final_capture"


def test_gives_back_of_a_part_no_more_than_it_was(client, in_parts):
    client.v1.payment_intents.capture(
        in_parts.id, {"amount_to_capture": 500, "final_capture": False}
    )

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": in_parts.id, "amount": 501})
    refund = client.v1.refunds.create({"payment_intent": in_parts.id, "amount": 500})

    assert refund.status == "succeeded"


def test_a_cancelled_intent_lets_go_of_everything(client, authorise, receiver, eventually):
    intent = authorise()

    cancelled = client.v1.payment_intents.cancel(
        intent.id, {"cancellation_reason": "requested_by_customer"}
    )

    assert (cancelled.status, cancelled.amount_capturable) == ("canceled", 0)
    assert cancelled.cancellation_reason == "requested_by_customer"
    assert cancelled.canceled_at >= intent.created
    assert client.v1.balance_transactions.list().data == []
    eventually(lambda: receiver.of_type("payment_intent.canceled"))
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.capture(intent.id)


def test_the_bank_keeps_it_aside_for_a_week(client, authorise, browser):
    intent = authorise()
    charge = charge_of(client, intent)

    browser.post("/_kit/advance", json={"seconds": WEEK_S + 1})

    assert charge.payment_method_details.card.capture_before == charge.created + WEEK_S
    over = client.v1.payment_intents.retrieve(intent.id)
    assert (over.status, over.cancellation_reason) == ("canceled", "expired")


def test_a_session_can_authorise_now_and_be_captured_later(client, open_session, browser):
    session = open_session(
        payment_intent_data={"capture_method": "manual"},
        payment_method_options={"card": {"request_multicapture": "if_available"}},
    )
    browser.post(session.url, data={"pm": "pm_card_visa"})
    held = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge"]}
    )

    client.v1.payment_intents.capture(held.payment_intent.id)

    assert (held.status, held.payment_status) == ("complete", "unpaid")
    assert held.payment_intent.status == "requires_capture"
    assert held.payment_intent.latest_charge.captured is False
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
