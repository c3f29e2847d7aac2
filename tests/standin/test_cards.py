import pytest
import stripe

from tests.standin.conftest import session_params

ASKS_BANK = "pm_card_authenticationRequired"


@pytest.fixture
def customer(client):
    return client.v1.customers.create({"email": "alice@example.com", "name": "Alice"})


@pytest.fixture
def saved(client, customer):
    """A good card that the customer keeps."""
    return client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})


@pytest.fixture
def pay_with(client):
    def pay_with(token, **changes):
        return client.v1.payment_intents.create(
            {
                "amount": 2000,
                "currency": "gbp",
                "payment_method": token,
                "confirm": True,
                "expand": ["latest_charge"],
                **changes,
            }
        )

    return pay_with


def test_a_charge_tells_about_its_card_and_its_risk(pay_with):
    charge = pay_with("pm_card_visa").latest_charge

    card = charge.payment_method_details.card
    assert (card.brand, card.last4, card.country, card.exp_year) == ("visa", "4242", "GB", 2040)
    assert card.checks.cvc_check == card.checks.address_postal_code_check == "pass"
    assert (charge.outcome.type, charge.outcome.risk_level) == ("authorized", "normal")


def test_a_number_has_one_fingerprint_and_every_number_another(pay_with):
    prints = [
        pay_with(token).latest_charge.payment_method_details.card.fingerprint
        for token in ("pm_card_visa", "pm_card_visa", "pm_card_mastercard")
    ]

    assert prints[0] == prints[1] != prints[2]


@pytest.mark.parametrize(
    ("token", "level", "country", "cvc"),
    [
        ("pm_card_riskLevelElevated", "elevated", "GB", "pass"),
        ("pm_card_riskLevelHighest", "highest", "GB", "pass"),
        ("pm_card_fr", "normal", "FR", "pass"),
        ("pm_card_cvcCheckFail", "normal", "GB", "fail"),
    ],
)
def test_cards_differ_in_risk_country_and_checks(pay_with, token, level, country, cvc):
    charge = pay_with(token).latest_charge

    card = charge.payment_method_details.card
    assert (charge.outcome.risk_level, card.country, card.checks.cvc_check) == (level, country, cvc)


def test_a_blocked_card_leaves_a_failed_charge_and_says_whose_intent_it_was(client, pay_with):
    with pytest.raises(stripe.CardError) as refused:
        pay_with("pm_card_radarBlock")

    intent = refused.value.error.payment_intent
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert refused.value.error.decline_code == "fraudulent"
    assert (intent.status, charge.status, charge.paid) == (
        "requires_payment_method",
        "failed",
        False,
    )
    assert (charge.outcome.type, charge.outcome.risk_score) == ("blocked", 99)


def test_a_failed_charge_gives_nothing_back(client, pay_with, browser):
    with pytest.raises(stripe.CardError) as refused:
        pay_with("pm_card_chargeDeclined")

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": refused.value.error.payment_intent.id})
    assert browser.get("/_kit/ledger").json()["charges"] == []


def test_a_customer_keeps_a_card_pays_with_it_and_lets_it_go(
    client, customer, saved, pay_with, receiver, eventually
):
    listed = client.v1.customers.payment_methods.list(customer.id, {"type": "card"}).data
    paid = pay_with(saved.id, customer=customer.id)

    gone = client.v1.payment_methods.detach(saved.id)

    assert [one.id for one in listed] == [saved.id]
    assert (paid.status, paid.payment_method, paid.customer) == (
        "succeeded",
        saved.id,
        customer.id,
    )
    assert gone.customer is None
    assert client.v1.payment_methods.list({"customer": customer.id, "type": "card"}).data == []
    eventually(
        lambda: {"payment_method.attached", "payment_method.detached"} <= set(receiver.types())
    )


def test_a_card_that_was_let_go_pays_no_more(client, customer, saved, pay_with):
    client.v1.payment_methods.detach(saved.id)

    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        pay_with(saved.id, customer=customer.id)


def test_the_card_of_another_customer_is_refused(client, saved, pay_with):
    other = client.v1.customers.create({"email": "bob@example.com"})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        pay_with(saved.id, customer=other.id)

    assert refused.value.param == "payment_method"


def test_a_deleted_customer_leaves_no_card(client, customer, saved):
    deleted = client.v1.customers.delete(customer.id)

    assert deleted.deleted is True
    assert client.v1.payment_methods.retrieve(saved.id).customer is None
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.payment_methods.list(customer.id)


def test_a_session_offers_to_keep_the_card_and_later_offers_the_card(
    client, customer, open_session, browser
):
    options = {
        "customer": customer.id,
        "customer_email": "",
        "saved_payment_method_options": {"payment_method_save": "enabled"},
    }
    first = open_session(**options)
    page = browser.get(f"/pay/{first.id}").text
    browser.post(f"/pay/{first.id}", data={"pm": "pm_card_visa", "save": "1"})
    (card,) = client.v1.customers.payment_methods.list(customer.id).data
    second = open_session(**options)

    offered = browser.get(f"/pay/{second.id}").text
    browser.post(f"/pay/{second.id}", data={"saved": card.id})

    paid = client.v1.checkout.sessions.retrieve(second.id, {"expand": ["payment_intent"]})
    assert 'name="save"' in page
    assert card.allow_redisplay == "always"
    assert f'value="{card.id}"' in offered
    assert (paid.payment_status, paid.payment_intent.payment_method) == ("paid", card.id)


def test_without_the_tick_no_card_is_kept(client, customer, open_session, browser):
    session = open_session(
        customer=customer.id,
        customer_email="",
        saved_payment_method_options={"payment_method_save": "enabled"},
    )

    browser.post(f"/pay/{session.id}", data={"pm": "pm_card_visa"})

    assert client.v1.customers.payment_methods.list(customer.id).data == []


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"customer": "cus_unknown", "customer_email": ""}, "customer"),
        ({"saved_payment_method_options": {"payment_method_save": "enabled"}}, "customer"),
    ],
)
def test_a_session_for_nobody_known_is_refused(client, changes, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(session_params(**changes))

    assert refused.value.param == param


def test_a_session_names_its_buyer_once(client, customer):
    with pytest.raises(stripe.InvalidRequestError, match="only specify one"):
        client.v1.checkout.sessions.create(session_params(customer=customer.id))


@pytest.fixture
def asked(client, customer, pay_with):
    """A payment with a saved card whose bank wants to know."""
    card = client.v1.payment_methods.attach(ASKS_BANK, {"customer": customer.id})
    address = "http://127.0.0.1:8000/orders/1/?t=x"
    return pay_with(card.id, customer=customer.id, return_url=address, expand=[])


@pytest.mark.parametrize(
    ("outcome", "word", "status"),
    [("approve", "succeeded", "succeeded"), ("fail", "failed", "requires_payment_method")],
)
def test_the_bank_is_asked_on_its_own_page_and_leads_back(
    client, asked, browser, outcome, word, status
):
    redirect = asked.next_action.redirect_to_url
    question = browser.get(redirect.url)

    answer = browser.post(redirect.url, data={"outcome": outcome})

    assert (asked.status, asked.next_action.type) == ("requires_action", "redirect_to_url")
    assert "Is it you?" in question.text
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{redirect.return_url}&payment_intent={asked.id}")
    assert answer.headers["Location"].endswith(f"redirect_status={word}")
    assert client.v1.payment_intents.retrieve(asked.id).status == status


def test_the_bank_is_asked_once(asked, browser):
    url = asked.next_action.redirect_to_url.url
    for _ in range(2):
        answer = browser.post(url, data={"outcome": "approve"})

    assert answer.headers["Location"].endswith("redirect_status=succeeded")
    assert len(browser.get("/_kit/ledger").json()["charges"]) == 1


def test_nobody_is_asked_off_session(client, customer, pay_with):
    card = client.v1.payment_methods.attach(ASKS_BANK, {"customer": customer.id})

    with pytest.raises(stripe.CardError) as refused:
        pay_with(card.id, customer=customer.id, off_session=True)

    assert refused.value.code == "authentication_required"
    assert refused.value.error.payment_method.id == card.id
