import pytest
import stripe


@pytest.fixture
def pay(client):
    def pay(card="pm_card_visa"):
        return client.v1.payment_intents.create(
            {"amount": 2000, "currency": "gbp", "payment_method": card, "confirm": True}
        )

    return pay


@pytest.fixture
def dispute(client, pay):
    intent = pay("pm_card_createDispute")
    (dispute,) = client.v1.disputes.list({"payment_intent": intent.id}).data
    return dispute


def nets(client):
    return [one.net for one in client.v1.balance_transactions.list({"type": "adjustment"}).data]


def answer(client, dispute, text):
    return client.v1.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": text}, "submit": True}
    )


def test_a_disputed_card_takes_the_money_and_a_fee(client, dispute, receiver, eventually):
    charge = client.v1.charges.retrieve(dispute.charge)

    assert (dispute.status, dispute.reason, dispute.amount) == (
        "needs_response",
        "fraudulent",
        2000,
    )
    assert dispute.evidence_details.due_by > dispute.created
    assert charge.disputed
    assert nets(client) == [-4000]
    assert dispute.balance_transactions[0].fee == 2000
    eventually(lambda: receiver.of_type("charge.dispute.funds_withdrawn"))
    eventually(lambda: receiver.of_type("charge.dispute.created"))  # they travel side by side


def test_a_won_dispute_brings_the_amount_back(client, dispute, receiver, eventually):
    closed = answer(client, dispute, "winning_evidence")

    assert (closed.status, closed.evidence_details.submission_count) == ("won", 1)
    assert sorted(nets(client)) == [-4000, 2000]
    eventually(lambda: receiver.of_type("charge.dispute.closed"))
    eventually(lambda: receiver.of_type("charge.dispute.funds_reinstated"))


def test_a_lost_dispute_brings_nothing_back(client, dispute, receiver, eventually):
    closed = answer(client, dispute, "losing_evidence")

    assert closed.status == "lost"
    assert nets(client) == [-4000]
    eventually(lambda: receiver.of_type("charge.dispute.closed"))
    assert not receiver.of_type("charge.dispute.funds_reinstated")


def test_other_evidence_waits_for_a_decision(client, dispute, browser):
    held = answer(client, dispute, "It was delivered on Monday.")

    won = browser.post(f"/_kit/disputes/{dispute.id}/won").json()

    assert held.status == "under_review"
    assert won["status"] == "won"
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        answer(client, dispute, "losing_evidence")


def test_evidence_can_be_kept_without_sending_it(client, dispute):
    kept = client.v1.disputes.update(
        dispute.id, {"evidence": {"customer_name": "Alice"}, "submit": False}
    )

    assert (kept.status, kept.evidence.customer_name) == ("needs_response", "Alice")


def test_accepting_a_dispute_loses_it(client, dispute):
    assert client.v1.disputes.close(dispute.id).status == "lost"


def test_a_charged_back_charge_is_not_refunded_as_well(client, dispute):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": dispute.charge})

    assert refused.value.code == "charge_disputed"


def test_an_inquiry_takes_money_only_when_it_becomes_a_chargeback(client, pay, browser):
    intent = pay("pm_card_createDisputeInquiry")
    (inquiry,) = client.v1.disputes.list({"payment_intent": intent.id}).data
    before = nets(client)

    escalated = browser.post(f"/_kit/disputes/{inquiry.id}/escalate").json()

    assert (inquiry.status, before) == ("warning_needs_response", [])
    assert escalated["status"] == "needs_response"
    assert nets(client) == [-4000]


def test_a_part_can_be_disputed_by_hand(client, pay, browser):
    intent = pay()

    given = {"payment_intent": intent.id, "amount": 500, "reason": "product_not_received"}
    dispute = browser.post("/_kit/dispute", json=given).json()

    assert (dispute["amount"], dispute["reason"]) == (500, "product_not_received")
    assert browser.post("/_kit/dispute", json=given | {"amount": 2001}).status_code == 400


@pytest.fixture
def letter(tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 2000)
    with path.open("rb") as file:
        yield file


@pytest.fixture
def uploader(standin):
    http_client = stripe.RequestsClient()
    yield stripe.StripeClient(
        "sk_test_for_tests",
        base_addresses={"api": standin.url, "files": standin.url},
        http_client=http_client,
    )
    http_client.close()


def test_a_file_is_uploaded_as_evidence(uploader, dispute, letter):
    upload = uploader.v1.files.create({"purpose": "dispute_evidence", "file": letter})

    kept = uploader.v1.disputes.update(
        dispute.id, {"evidence": {"shipping_documentation": upload.id}, "submit": False}
    )
    assert (upload.type, upload.size, upload.filename) == ("pdf", 512_009, "letter.pdf")
    assert kept.evidence.shipping_documentation == upload.id
    assert uploader.v1.files.retrieve(upload.id).id == upload.id


def test_a_file_for_something_else_is_refused(uploader, letter):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        uploader.v1.files.create({"purpose": "identity_document", "file": letter})

    assert refused.value.param == "purpose"
