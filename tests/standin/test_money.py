import pytest
import stripe


@pytest.fixture
def charged(client):
    """An intent of 20.00 pounds that was paid."""
    return client.v1.payment_intents.create(
        {
            "amount": 2000,
            "currency": "gbp",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "metadata": {"order": "10482"},
        }
    )


def test_a_confirmed_intent_is_charged(client, charged, receiver, eventually):
    charge = client.v1.charges.retrieve(charged.latest_charge)

    assert charged.status == "succeeded"
    assert (charge.amount, charge.captured, charge.metadata["order"]) == (2000, True, "10482")
    eventually(lambda: receiver.of_type("payment_intent.succeeded"))


def test_a_card_that_asks_the_bank_waits(client):
    intent = client.v1.payment_intents.create(
        {
            "amount": 2000,
            "currency": "gbp",
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
        }
    )

    assert intent.status == "requires_action"
    assert intent.latest_charge is None


def test_authorise_now_and_capture_a_part_later(client):
    intent = client.v1.payment_intents.create(
        {
            "amount": 2000,
            "currency": "gbp",
            "payment_method": "pm_card_visa",
            "capture_method": "manual",
            "confirm": True,
        }
    )

    captured = client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 1500})

    assert (intent.status, intent.amount_capturable) == ("requires_capture", 2000)
    assert (captured.status, captured.amount_received) == ("succeeded", 1500)


def test_a_paid_intent_cannot_be_cancelled(client, charged):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.cancel(charged.id)

    assert refused.value.code == "payment_intent_unexpected_state"


def test_refunds_a_part_and_then_the_rest(client, charged, receiver, eventually):
    part = client.v1.refunds.create({"payment_intent": charged.id, "amount": 700})
    rest = client.v1.refunds.create({"payment_intent": charged.id})

    charge = client.v1.charges.retrieve(charged.latest_charge)
    assert (part.amount, rest.amount, rest.status) == (700, 1300, "succeeded")
    assert (charge.amount_refunded, charge.refunded) == (2000, True)
    assert len(client.v1.refunds.list({"payment_intent": charged.id}).data) == 2
    eventually(lambda: len(receiver.of_type("charge.refunded")) == 2)


@pytest.mark.parametrize(("amount", "code"), [(1301, "amount_too_large"), (0, None), (-1, None)])
def test_never_refunds_more_than_is_left(client, charged, amount, code):
    client.v1.refunds.create({"payment_intent": charged.id, "amount": 700})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": charged.id, "amount": amount})

    assert code in {None, refused.value.code}
    assert client.v1.charges.retrieve(charged.latest_charge).amount_refunded == 700


def test_a_fully_refunded_charge_gives_nothing_more(client, charged):
    client.v1.refunds.create({"payment_intent": charged.id})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": charged.id})

    assert refused.value.code == "charge_already_refunded"


def test_an_unpaid_intent_has_nothing_to_refund(client):
    intent = client.v1.payment_intents.create({"amount": 2000, "currency": "gbp"})

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent.id})


def test_lists_charges_since_a_moment(client, charged):
    since = client.v1.charges.list({"created": {"gte": charged.created}})
    later = client.v1.charges.list({"created": {"gt": charged.created + 5}})

    assert [charge.payment_intent for charge in since.data] == [charged.id]
    assert later.data == []


def test_a_refund_shows_its_charge_when_asked(client, charged):
    refund = client.v1.refunds.create(
        {"payment_intent": charged.id, "amount": 100, "expand": ["charge"]}
    )

    assert refund.charge.amount_refunded == 100


def test_a_customer_is_found_by_address(client):
    customer = client.v1.customers.create({"email": "alice@example.com"})
    client.v1.customers.create({"email": "bob@example.com"})

    found = client.v1.customers.list({"email": "alice@example.com"})

    assert [one.id for one in found.data] == [customer.id]
