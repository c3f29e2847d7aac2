import pytest

CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 40", "cvc": "123", "name": "Alice"}
DECLINED, NO_FUNDS = "4000 0000 0000 0002", "4000 0000 0000 9995"
ASKS_BANK = "4000 0027 6000 3184"


@pytest.fixture
def session(open_session):
    return open_session()


@pytest.fixture
def pay(browser, session):
    def pay(**changes):
        return browser.post(f"/pay/{session.id}", data=CARD | changes)

    return pay


@pytest.fixture
def status(client, session):
    return lambda: client.v1.checkout.sessions.retrieve(session.id).status


def test_shows_what_is_to_be_paid(browser, session):
    page = browser.get(f"/pay/{session.id}")

    assert page.status_code == 200
    assert "Test payment page. No money moves." in page.text
    assert "£31.95" in page.text
    assert "Stoneware mug" in page.text
    assert "Standard delivery" in page.text
    assert "10482" in page.text
    assert 'value="4242 4242 4242 4242"' in page.text
    assert 'href="http://127.0.0.1:8000/checkout/"' in page.text


def test_a_good_card_pays_and_leads_back_to_the_shop(pay, session, status):
    answer = pay()

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"http://127.0.0.1:8000/paid/?session={session.id}"
    assert status() == "complete"


def test_a_second_click_on_pay_charges_once(pay, browser):
    pay()

    again = pay()

    assert again.status_code == 303
    assert len(browser.get("/_kit/ledger").json()["charges"]) == 1


@pytest.mark.parametrize(
    ("number", "words"), [(DECLINED, "was declined"), (NO_FUNDS, "insufficient funds")]
)
def test_a_decline_is_said_at_the_card_field_and_leaves_the_session_open(
    pay, status, number, words
):
    page = pay(number=number)

    assert page.status_code == 402
    assert words in page.text
    assert 'aria-describedby="number-error number-hint" aria-invalid="true"' in page.text
    assert status() == "open"


def test_another_card_pays_after_a_decline(client, pay, session, status):
    pay(number=DECLINED)
    failed = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})

    answer = pay()

    assert failed.payment_intent.last_payment_error.decline_code == "generic_decline"
    assert answer.status_code == 303
    assert status() == "complete"


def test_a_number_that_is_no_test_card_is_neither_taken_nor_shown_again(pay, status):
    page = pay(number="5105 1051 0510 5100")

    assert page.status_code == 422
    assert "not a test number" in page.text
    assert "5105" not in page.text
    assert status() == "open"


def test_wrong_fields_are_named_and_kept(pay):
    page = pay(expiry="13/40", cvc="1", name="")

    assert page.status_code == 422
    assert {"expiry-error", "cvc-error", "name-error"} <= set(page.text.split('"'))
    assert 'value="13/40"' in page.text


def test_the_bank_is_asked_and_approves(pay, browser, session, status):
    asked = pay(number=ASKS_BANK)
    question = browser.get(asked.headers["Location"])
    status_before = status()

    answer = browser.post(asked.headers["Location"], data={"outcome": "approve"})

    assert asked.headers["Location"] == f"/pay/{session.id}/authenticate"
    assert "Is it you?" in question.text
    assert status_before == "open"
    assert answer.status_code == 303
    assert status() == "complete"


def test_the_bank_refuses_and_the_shopper_may_try_again(pay, browser, session, status):
    asked = pay(number=ASKS_BANK)

    page = browser.post(asked.headers["Location"], data={"outcome": "fail"})

    assert page.status_code == 402
    assert "could not confirm" in page.text
    assert browser.get("/_kit/ledger").json()["charges"] == []
    assert status() == "open"
    assert pay().status_code == 303


def test_the_banks_page_without_a_waiting_card_leads_to_the_form(browser, session):
    answer = browser.post(f"/pay/{session.id}/authenticate", data={"outcome": "approve"})

    assert answer.headers["Location"] == f"/pay/{session.id}"


def test_a_closed_tab_pays_and_does_not_lead_back(pay, browser, receiver, eventually):
    answer = pay(fault="closed_tab")

    page = browser.get(answer.headers["Location"])
    assert "You can close this tab" in page.text
    assert "127.0.0.1:8000" not in page.text
    eventually(lambda: receiver.of_type("checkout.session.completed"))


def test_a_slow_webhook_comes_late(pay, browser, receiver, eventually):
    browser.post("/_kit/config", json={"slow_webhook_ms": 2000})

    answer = pay(fault="slow_webhook")

    assert answer.status_code == 303
    eventually(lambda: "payment_intent.created" in receiver.types())
    assert "checkout.session.completed" not in receiver.types()
    eventually(lambda: "checkout.session.completed" in receiver.types())


def test_a_decline_can_be_asked_for_with_a_good_card(pay, status):
    page = pay(fault="decline")

    assert page.status_code == 402
    assert status() == "open"


def test_a_complete_session_says_so(pay, browser, session):
    pay()

    page = browser.get(f"/pay/{session.id}")

    assert "This payment is complete" in page.text
    assert f"?session={session.id}" in page.text


def test_text_from_the_shop_is_escaped(open_session, browser):
    session = open_session(client_reference_id="<script>alert(1)</script>")

    page = browser.get(f"/pay/{session.id}")

    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_listed_number_can_be_chosen_without_script(browser, session):
    page = browser.get(f"/pay/{session.id}?card=4000000000000002")

    assert f'value="{DECLINED}"' in page.text


@pytest.mark.parametrize("path", ["/pay/cs_test_unknown", "/pay/", "/elsewhere"])
def test_an_unknown_address_is_not_found(browser, path):
    assert browser.get(path).status_code == 404


def test_another_method_is_not_allowed(browser, session):
    assert browser.delete(f"/pay/{session.id}").status_code == 405
