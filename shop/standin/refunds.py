"""Give money back, never more than was taken."""

from shop.standin import balance, disputes, intents, params
from shop.standin.cards import by_token
from shop.standin.desk import Desk, new_id
from shop.standin.errors import invalid, missing, not_found, unknown, wrong_state
from shop.standin.objects import Charge, Refund
from shop.standin.params import Params

_CREATE = {"amount", "charge", "expand", "metadata", "payment_intent", "reason"}
_REASONS = {"", "duplicate", "fraudulent", "requested_by_customer"}


def create(desk: Desk, given: Params) -> Refund:
    for name in given.keys() - _CREATE:
        raise unknown(name)
    charge = _charge(desk, given)
    left = charge.amount_captured - charge.amount_refunded
    amount = params.integer(given, "amount", default=left)
    _check(charge, amount)
    if disputes.blocks_refund(desk, charge):
        message = f"Charge {charge.id} has been charged back; cannot issue a refund."
        raise wrong_state(message, code="charge_disputed")
    refund = Refund(
        id=new_id("re"),
        created=desk.now(),
        amount=amount,
        currency=charge.currency,
        payment_intent=charge.payment_intent,
        charge=charge.id,
        reason=_reason(given),
        status=_starts_as(desk, charge),
        metadata=params.metadata(given),
    )
    balance.give_back(desk, refund)
    charge.amount_refunded += amount
    desk.store.save(charge)
    desk.store.save(refund)
    desk.announce("charge.refunded", charge)
    desk.announce("refund.created", refund)
    return refund


def _starts_as(desk: Desk, charge: Charge) -> str:
    method = desk.store.methods.get(charge.payment_method)
    return (by_token(method.token).refunds if method else "") or desk.new_refunds


def succeed(desk: Desk, refund: Refund) -> Refund:
    """The bank has it at last."""
    if refund.status != "pending":
        raise wrong_state(f"This refund is {refund.status}.", code="refund_unexpected_state")
    refund.status = "succeeded"
    desk.store.save(refund)
    _tell(desk, refund)
    return refund


def fail(desk: Desk, refund: Refund, reason: str) -> Refund:
    """The bank sends it back, be it days after it had succeeded."""
    if refund.status not in {"pending", "succeeded"}:
        raise wrong_state(f"This refund is {refund.status}.", code="refund_unexpected_state")
    charge = desk.store.charges[refund.charge]
    charge.amount_refunded -= refund.amount
    refund.status, refund.failure_reason = "failed", reason
    balance.refund_failed(desk, refund)
    desk.store.save(charge)
    desk.store.save(refund)
    _tell(desk, refund)
    desk.announce("refund.failed", refund)
    return refund


def _tell(desk: Desk, refund: Refund) -> None:
    desk.announce("refund.updated", refund)
    desk.announce("charge.refund.updated", refund)


def update(desk: Desk, refund: Refund, given: Params) -> Refund:
    refund.metadata |= params.metadata(given)
    desk.store.save(refund)
    return refund


def _charge(desk: Desk, given: Params) -> Charge:
    intent_id, charge_id = params.text(given, "payment_intent"), params.text(given, "charge")
    if intent_id:
        charge_id = intents.find(desk, intent_id).latest_charge
        found = desk.store.charges.get(charge_id)
        if found is None or found.status != "succeeded":
            message = f"This PaymentIntent ({intent_id}) does not have a successful charge."
            raise wrong_state(message, code="payment_intent_unexpected_state")
    if not charge_id:
        raise missing("payment_intent")
    charge = desk.store.charges.get(charge_id)
    if charge is None:
        raise not_found("charge", charge_id, param="charge")
    return charge


def _check(charge: Charge, amount: int) -> None:
    left = charge.amount_captured - charge.amount_refunded
    if not charge.captured:
        message = f"Charge {charge.id} has not been captured."
        raise wrong_state(message, code="charge_not_refundable")
    if left == 0:
        message = f"Charge {charge.id} has already been refunded."
        raise wrong_state(message, code="charge_already_refunded")
    if amount <= 0:
        raise invalid("amount", "Invalid positive integer", code="parameter_invalid_integer")
    if amount > left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise invalid("amount", message, code="amount_too_large")


def _reason(given: Params) -> str:
    reason = params.text(given, "reason")
    if reason not in _REASONS:
        raise invalid("reason", f"Invalid reason: {reason}")
    return reason
