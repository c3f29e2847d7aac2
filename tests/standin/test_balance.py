import pytest
import stripe

TWO_DAYS_S = 2 * 86_400


@pytest.fixture
def pay(client):
    def pay(amount=2000, card="pm_card_visa", currency="gbp"):
        return client.v1.payment_intents.create(
            {"amount": amount, "currency": currency, "payment_method": card, "confirm": True}
        )

    return pay


def test_a_charge_costs_one_and_a_half_per_cent_and_twenty_pence(client, pay):
    intent = pay(2000)

    (movement,) = client.v1.balance_transactions.list({"expand": ["data.source"]}).data

    assert (movement.amount, movement.fee, movement.net) == (2000, 50, 1950)
    assert movement.fee_details[0].amount == 50
    assert movement.source.payment_intent == intent.id
    assert client.v1.charges.retrieve(intent.latest_charge).balance_transaction == movement.id


@pytest.mark.parametrize(("amount", "fee"), [(1033, 35), (1034, 36), (100, 22)])
def test_the_fee_is_rounded_half_up(client, pay, amount, fee):
    pay(amount)

    assert client.v1.balance_transactions.list().data[0].fee == fee


def test_terms_can_be_others(client, pay, browser):
    browser.post("/_kit/terms", json={"fee_bps": 290, "fee_fixed": 30})

    pay(10_000)

    assert client.v1.balance_transactions.list().data[0].fee == 320
    assert browser.post("/_kit/terms", json={"fee_bps": -1}).status_code == 400


def test_money_is_available_after_two_days(client, pay, browser):
    pay(2000)
    before = client.v1.balance.retrieve()

    browser.post("/_kit/advance", json={"seconds": TWO_DAYS_S})

    after = client.v1.balance.retrieve()
    assert (before.available, before.pending[0].amount) == ([], 1950)
    assert (after.available[0].amount, after.pending) == (1950, [])


def test_a_payout_carries_charges_refunds_and_fees_to_the_bank(
    client, pay, browser, receiver, eventually
):
    first, _second = pay(2000), pay(3000)
    refund = client.v1.refunds.create({"payment_intent": first.id, "amount": 700})

    payout = browser.post("/_kit/payout", json={"pending": True}).json()

    lines = client.v1.balance_transactions.list({"payout": payout["id"], "limit": 2})
    moved = {one.source: one.net for one in lines.auto_paging_iter()}
    assert payout["amount"] == 2000 - 50 + 3000 - 65 - 700
    assert moved.pop(payout["id"]) == -payout["amount"]
    assert sum(moved.values()) == payout["amount"]
    assert moved[refund.id] == -700
    assert client.v1.payouts.retrieve(payout["id"]).status == "paid"
    eventually(lambda: {"payout.created", "payout.paid"} <= set(receiver.types()))


def test_nothing_is_paid_out_twice(pay, browser):
    pay(2000)
    browser.post("/_kit/payout", json={"pending": True})

    assert browser.post("/_kit/payout", json={"pending": True}).status_code == 400


def test_only_what_is_available_goes_and_every_currency_for_itself(client, pay, browser):
    pay(2000, currency="eur")
    browser.post("/_kit/advance", json={"seconds": TWO_DAYS_S})
    pay(3000, currency="eur")
    pay(4000, currency="gbp")

    payout = browser.post("/_kit/payout", json={"currency": "eur"}).json()

    assert (payout["amount"], payout["currency"]) == (1950, "eur")
    assert browser.post("/_kit/payout", json={"currency": "gbp"}).status_code == 400


def test_a_failed_payout_brings_the_money_back(client, pay, browser, receiver, eventually):
    pay(2000)
    payout = browser.post("/_kit/payout", json={"pending": True, "status": "in_transit"}).json()

    failed = browser.post(f"/_kit/payouts/{payout['id']}/failed").json()
    again = browser.post("/_kit/payout", json={}).json()

    assert (payout["status"], failed["status"]) == ("in_transit", "failed")
    assert failed["failure_code"] == "account_closed"
    assert again["amount"] == payout["amount"]
    eventually(lambda: receiver.of_type("payout.failed"))


@pytest.fixture
def slow_refund(client, pay):
    intent = pay(2000, "pm_card_pendingRefund")
    return client.v1.refunds.create({"payment_intent": intent.id, "amount": 500})


def test_a_slow_refund_succeeds_later(client, slow_refund, browser, receiver, eventually):
    browser.post(f"/_kit/refunds/{slow_refund.id}/succeed")

    assert slow_refund.status == "pending"
    assert client.v1.refunds.retrieve(slow_refund.id).status == "succeeded"
    eventually(lambda: receiver.of_type("refund.updated"))


def test_a_failed_refund_brings_the_money_back(client, slow_refund, browser, receiver, eventually):
    browser.post(f"/_kit/refunds/{slow_refund.id}/fail", json={"reason": "declined"})

    failed = client.v1.refunds.retrieve(slow_refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "declined")
    assert client.v1.charges.retrieve(failed.charge).amount_refunded == 0
    types = [one.type for one in client.v1.balance_transactions.list().data]
    assert types == ["refund_failure", "refund", "charge"]
    eventually(lambda: receiver.of_type("refund.failed"))


def test_a_refund_may_fail_after_it_had_succeeded(client, pay, browser):
    intent = pay()
    refund = client.v1.refunds.create({"payment_intent": intent.id})

    browser.post(f"/_kit/refunds/{refund.id}/fail")
    again = client.v1.refunds.create({"payment_intent": intent.id})

    assert (refund.status, again.status, again.amount) == ("succeeded", "succeeded", 2000)


def test_an_ended_refund_does_not_end_again(client, slow_refund, browser):
    browser.post(f"/_kit/refunds/{slow_refund.id}/fail")

    assert browser.post(f"/_kit/refunds/{slow_refund.id}/succeed").status_code == 400


def test_new_refunds_can_be_made_to_wait(client, pay, browser):
    browser.post("/_kit/config", json={"refunds": "pending"})

    assert client.v1.refunds.create({"payment_intent": pay().id}).status == "pending"


def test_all_movements_sum_to_the_balance(client, pay, browser):
    intent = pay(2000, "pm_card_createDispute")
    pay(3000)
    client.v1.disputes.list({"payment_intent": intent.id})

    movements = client.v1.balance_transactions.list({"limit": 100}).data

    balance = client.v1.balance.retrieve()
    assert sum(one.net for one in movements) == balance.pending[0].amount == 2935 + 1950 - 4000


def test_an_unknown_payout_is_not_found(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payouts.retrieve("po_unknown")

    assert refused.value.http_status == 404
