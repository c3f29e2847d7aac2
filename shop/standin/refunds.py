"""Give money back, never more than was taken."""

from shop.standin import intents, params
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
    amount = params.integer(given, "amount", default=charge.amount - charge.amount_refunded)
    _check(charge, amount)
    refund = Refund(
        id=new_id("re"),
        created=desk.now(),
        amount=amount,
        currency=charge.currency,
        payment_intent=charge.payment_intent,
        charge=charge.id,
        reason=_reason(given),
        metadata=params.metadata(given),
    )
    charge.amount_refunded += amount
    desk.store.save(charge)
    desk.store.save(refund)
    desk.announce("charge.refunded", charge)
    desk.announce("refund.created", refund)
    return refund


def update(desk: Desk, refund: Refund, given: Params) -> Refund:
    refund.metadata |= params.metadata(given)
    desk.store.save(refund)
    return refund


def _charge(desk: Desk, given: Params) -> Charge:
    intent_id, charge_id = params.text(given, "payment_intent"), params.text(given, "charge")
    if intent_id:
        charge_id = intents.find(desk, intent_id).latest_charge
        if not charge_id:
            message = f"This PaymentIntent ({intent_id}) does not have a successful charge."
            raise wrong_state(message, code="payment_intent_unexpected_state")
    if not charge_id:
        raise missing("payment_intent")
    charge = desk.store.charges.get(charge_id)
    if charge is None:
        raise not_found("charge", charge_id, param="charge")
    return charge


def _check(charge: Charge, amount: int) -> None:
    left = charge.amount - charge.amount_refunded
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
