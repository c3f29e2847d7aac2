"""The account's money: every movement with its fee, and what goes to the bank."""

from collections import Counter

from shop.standin.desk import Desk, new_id
from shop.standin.errors import ApiError, wrong_state
from shop.standin.objects import Charge, Dispute, Json, Movement, Payout, Refund

ARRIVES_AFTER_S = 86_400
CATEGORIES = {
    "charge": "charge",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "payout": "payout",
    "payout_failure": "payout_reversal",
}


def _move(
    desk: Desk, kind: str, about: Charge | Refund | Dispute | Payout, amount: int, *, words: str
) -> Movement:
    now = desk.now()
    is_payout = isinstance(about, Payout)
    movement = Movement(
        id=new_id("txn"),
        created=now,
        available_on=now if is_payout else now + desk.terms.available_after_s,
        type=kind,
        reporting_category=CATEGORIES.get(kind, "dispute" if amount < 0 else "dispute_reversal"),
        amount=amount,
        fee=0,
        currency=about.currency,
        source=about.id,
        description=words,
        status="available" if is_payout else "pending",
    )
    desk.store.save(movement)
    return movement


def take(desk: Desk, charge: Charge, amount: int) -> Movement:
    """Note that an amount of a charge was taken."""
    movement = _move(desk, "charge", charge, amount, words=f"Payment {charge.payment_intent}")
    movement.fee = desk.terms.fee(amount)
    desk.store.save(movement)
    charge.balance_transaction = movement.id
    return movement


def give_back(desk: Desk, refund: Refund) -> None:
    movement = _move(desk, "refund", refund, -refund.amount, words=f"Refund of {refund.charge}")
    refund.balance_transaction = movement.id


def refund_failed(desk: Desk, refund: Refund) -> None:
    words = f"Refund failure of {refund.charge}"
    movement = _move(desk, "refund_failure", refund, refund.amount, words=words)
    refund.failure_balance_transaction = movement.id


def dispute(desk: Desk, dispute: Dispute, *, is_won: bool = False) -> None:
    """Take the disputed amount and the fee, or bring the amount back when it was won."""
    amount = dispute.amount if is_won else -dispute.amount
    words = f"Chargeback {'reversal' if is_won else 'withdrawal'} for {dispute.charge}"
    movement = _move(desk, "adjustment", dispute, amount, words=words)
    if not is_won:
        movement.fee, movement.fee_description = desk.terms.dispute_fee, "Dispute fee"
    desk.store.save(movement)
    dispute.balance_transactions.append(movement.public())


def settle_due(desk: Desk) -> None:
    """Make available what has waited long enough."""
    with desk.store.transaction():
        for movement in list(desk.store.movements.values()):
            if movement.status == "pending" and movement.available_on <= desk.now():
                movement.status = "available"
                desk.store.save(movement)


def shown(desk: Desk) -> Json:
    settle_due(desk)
    sums: dict[str, Counter[str]] = {"available": Counter(), "pending": Counter()}
    for movement in desk.store.movements.values():
        sums[movement.status][movement.currency] += movement.net
    return {"object": "balance", "livemode": False} | {
        status: [
            {"amount": amount, "currency": currency, "source_types": {"card": amount}}
            for currency, amount in sorted(found.items())
        ]
        for status, found in sums.items()
    }


def pay_out(desk: Desk, *, currency: str, with_pending: bool = False) -> Payout:
    """Send everything of a currency to the bank. Raises ApiError when there is nothing."""
    settle_due(desk)
    free = {"available", "pending"} if with_pending else {"available"}
    rows = [
        one
        for one in desk.store.movements.values()
        if one.currency == currency and not one.payout and one.status in free
    ]
    amount = sum(row.net for row in rows)
    if not rows or amount == 0:
        raise ApiError("Nothing is available to pay out.", code="balance_insufficient")
    payout = Payout(
        id=new_id("po"),
        created=desk.now(),
        arrival_date=desk.now() + ARRIVES_AFTER_S,
        amount=amount,
        currency=currency,
    )
    own = _move(desk, "payout", payout, -amount, words="STRIPE PAYOUT")
    payout.balance_transaction = own.id
    for row in (*rows, own):
        row.payout, row.status = payout.id, "available"
        desk.store.save(row)
    desk.store.save(payout)
    desk.announce("payout.created", payout)
    payout.status = "in_transit"
    desk.store.save(payout)
    desk.announce("payout.updated", payout)
    return payout


def payout_arrived(desk: Desk, payout: Payout) -> Payout:
    _check_on_its_way(payout)
    payout.status = "paid"
    desk.store.save(payout)
    desk.announce("payout.paid", payout)
    return payout


def payout_failed(desk: Desk, payout: Payout) -> Payout:
    """The bank sends it back: the money is in the balance again, free for another payout."""
    if payout.status != "paid":
        _check_on_its_way(payout)
    payout.status = "failed"
    payout.failure_code, payout.failure_message = "account_closed", "The account is closed."
    back = _move(desk, "payout_failure", payout, payout.amount, words="STRIPE PAYOUT FAILURE")
    payout.failure_balance_transaction = back.id
    desk.store.save(payout)
    desk.announce("payout.failed", payout)
    return payout


def _check_on_its_way(payout: Payout) -> None:
    if payout.status not in {"pending", "in_transit"}:
        raise wrong_state(f"This payout is {payout.status}.", code="payout_unexpected_state")
