"""What a test makes people and banks do: pay, dispute, decide, pay out."""

from collections.abc import Callable

from shop.standin import balance, cards, disputes, hosted, intents, params, refunds, sessions
from shop.standin.calls.finding import found
from shop.standin.desk import Desk
from shop.standin.errors import ApiError, invalid
from shop.standin.messages import Request
from shop.standin.objects import Charge, Dispute, Json


def pay(desk: Desk, request: Request, identifier: str) -> Json:
    """Pay as a shopper would, the bank's question included."""
    given = params.parse(request.text())
    card = cards.by_token(params.text(given, "pm") or cards.APPROVED.token)
    session = sessions.find(desk, identifier)
    keeps = bool(params.text(given, "save"))
    sessions.pay(desk, session, sessions.method_of(desk, session, card), keeps=keeps)
    return {"success_url": session.return_address()}


def authenticate(desk: Desk, request: Request, identifier: str) -> Json:
    """Answer the bank's question about an intent."""
    intent = intents.find(desk, identifier)
    is_approved = request.json().get("outcome", "approve") == "approve"
    try:
        intents.answer_bank(desk, intent, is_approved=is_approved)
    except ApiError as error:
        if error.status != 402:
            raise
    return {"return_url": hosted.lead_back(intent) if intent.return_url else None}


def succeed_refund(desk: Desk, _: Request, identifier: str) -> Json:
    return refunds.succeed(desk, found(desk.store.refunds, "refund", identifier)).public()


def fail_refund(desk: Desk, request: Request, identifier: str) -> Json:
    refund = found(desk.store.refunds, "refund", identifier)
    reason = str(request.json().get("reason", "expired_or_canceled_card"))
    return refunds.fail(desk, refund, reason).public()


def open_dispute(desk: Desk, request: Request, _: str) -> Json:
    given = request.json()
    dispute = disputes.open_dispute(
        desk,
        _charge(desk, given),
        amount=_amount(given),
        reason=str(given.get("reason", "fraudulent")),
        is_inquiry=bool(given.get("inquiry")),
    )
    return dispute.public()


def _charge(desk: Desk, given: Json) -> Charge:
    identifier = str(given.get("charge", ""))
    if given.get("payment_intent"):
        identifier = intents.find(desk, str(given["payment_intent"])).latest_charge
    return found(desk.store.charges, "charge", identifier)


def _amount(given: Json) -> int:
    amount = given.get("amount", 0)
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        raise invalid("amount", "amount must be a whole number in the minor unit")
    return amount


def _dispute(desk: Desk, identifier: str) -> Dispute:
    return found(desk.store.disputes, "dispute", identifier)


def decider(verdict: str) -> Callable[[Desk, Request, str], Json]:
    """Return the handle that ends a dispute so."""

    def decide(desk: Desk, _: Request, identifier: str) -> Json:
        return disputes.decide(desk, _dispute(desk, identifier), verdict).public()

    return decide


def review_dispute(desk: Desk, _: Request, identifier: str) -> Json:
    return disputes.review(desk, _dispute(desk, identifier)).public()


def escalate_dispute(desk: Desk, _: Request, identifier: str) -> Json:
    return disputes.escalate(desk, _dispute(desk, identifier)).public()


def pay_out(desk: Desk, request: Request, _: str) -> Json:
    """Send everything available to the bank, and tell how it ends."""
    given = request.json()
    currency, pending = str(given.get("currency", "gbp")), bool(given.get("pending"))
    status = given.get("status", "paid")
    payout = balance.pay_out(desk, currency=currency, with_pending=pending)
    if status == "paid":
        balance.payout_arrived(desk, payout)
    elif status == "failed":
        balance.payout_failed(desk, payout)
    return payout.public()


def payout_arrived(desk: Desk, _: Request, identifier: str) -> Json:
    payout = found(desk.store.payouts, "payout", identifier)
    return balance.payout_arrived(desk, payout).public()


def payout_failed(desk: Desk, _: Request, identifier: str) -> Json:
    payout = found(desk.store.payouts, "payout", identifier)
    return balance.payout_failed(desk, payout).public()
