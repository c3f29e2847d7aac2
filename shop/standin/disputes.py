"""Disputes: a shopper's bank takes the money back, and the shop may answer."""

from shop.standin import balance, params
from shop.standin.cards import by_token
from shop.standin.desk import Desk, new_id
from shop.standin.errors import invalid, unknown, wrong_state
from shop.standin.objects import Charge, Dispute
from shop.standin.params import Params

DUE_AFTER_S = 9 * 86_400
LONGEST_EVIDENCE = 20_000
VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}
_UPDATE = {"evidence", "expand", "metadata", "submit"}


def open_dispute(
    desk: Desk,
    charge: Charge,
    *,
    amount: int = 0,
    reason: str = "fraudulent",
    is_inquiry: bool = False,
) -> Dispute:
    """Dispute a charge, by default all that is left of it; an inquiry takes no money yet."""
    left = charge.amount_captured - charge.amount_refunded
    amount = amount or left
    if not 0 < amount <= charge.amount_captured:
        raise invalid("amount", "There is nothing like that to dispute.")
    dispute = Dispute(
        id=new_id("du"),
        created=desk.now(),
        amount=amount,
        currency=charge.currency,
        charge=charge.id,
        payment_intent=charge.payment_intent,
        reason=reason,
        status="warning_needs_response" if is_inquiry else "needs_response",
        due_by=desk.now() + DUE_AFTER_S,
        brand=charge.brand,
        is_inquiry=is_inquiry,
    )
    charge.is_disputed = True
    desk.store.save(charge)
    if not is_inquiry:
        balance.dispute(desk, dispute)
    desk.store.save(dispute)
    desk.announce("charge.dispute.created", dispute)
    if not is_inquiry:
        desk.announce("charge.dispute.funds_withdrawn", dispute)
    return dispute


def open_when_its_card_does(desk: Desk, charge: Charge) -> None:
    token = desk.store.methods[charge.payment_method].token if charge.payment_method else ""
    card = by_token(token) if token else None
    if card and card.dispute and not charge.is_disputed:
        open_dispute(desk, charge, reason=card.dispute, is_inquiry=card.is_inquiry)


def blocks_refund(desk: Desk, charge: Charge) -> bool:
    """Whether a chargeback is open or lost on the charge: its money is gone already."""
    return any(
        dispute.charge == charge.id and not dispute.is_inquiry and dispute.status != "won"
        for dispute in desk.store.disputes.values()
    )


def update(desk: Desk, dispute: Dispute, given: Params) -> Dispute:
    for name in given.keys() - _UPDATE:
        raise unknown(name)
    _check_open(dispute)
    evidence = params.nested(given, "evidence")
    for name in evidence:
        dispute.evidence[name] = params.text(evidence, name, longest=LONGEST_EVIDENCE)
    dispute.metadata |= params.metadata(given)
    desk.store.save(dispute)
    if params.text(given, "submit", default="true") == "true":
        review(desk, dispute)
    else:
        desk.announce("charge.dispute.updated", dispute)
    return dispute


def review(desk: Desk, dispute: Dispute) -> Dispute:
    """The bank reads the answer; Stripe's two texts make it decide at once."""
    _check_open(dispute)
    dispute.submissions += 1
    dispute.status = "warning_under_review" if dispute.is_inquiry else "under_review"
    desk.store.save(dispute)
    desk.announce("charge.dispute.updated", dispute)
    verdict = VERDICTS.get(dispute.evidence.get("uncategorized_text", ""))
    if verdict == "won" and dispute.is_inquiry:
        return decide(desk, dispute, "warning_closed")
    if verdict and dispute.is_inquiry:
        return escalate(desk, dispute)
    return decide(desk, dispute, verdict) if verdict else dispute


def escalate(desk: Desk, dispute: Dispute) -> Dispute:
    """An inquiry becomes a chargeback: now the money goes."""
    _check_open(dispute)
    if not dispute.is_inquiry:
        raise wrong_state("This dispute is no inquiry.", code="dispute_unexpected_state")
    dispute.is_inquiry, dispute.status = False, "needs_response"
    balance.dispute(desk, dispute)
    desk.store.save(dispute)
    desk.announce("charge.dispute.updated", dispute)
    desk.announce("charge.dispute.funds_withdrawn", dispute)
    return dispute


def decide(desk: Desk, dispute: Dispute, verdict: str) -> Dispute:
    """Close it: won, lost, or warning_closed for an inquiry."""
    _check_open(dispute)
    if dispute.is_inquiry != (verdict == "warning_closed"):
        raise wrong_state(f"It cannot end {verdict}.", code="dispute_unexpected_state")
    dispute.status = verdict
    if verdict == "won":
        balance.dispute(desk, dispute, is_won=True)
    desk.store.save(dispute)
    if verdict == "won":
        desk.announce("charge.dispute.funds_reinstated", dispute)
    desk.announce("charge.dispute.closed", dispute)
    return dispute


def _check_open(dispute: Dispute) -> None:
    if not dispute.is_open:
        message = f"This dispute is already closed: {dispute.status}."
        raise wrong_state(message, code="dispute_already_closed")
