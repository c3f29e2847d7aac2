"""What Stripe sends to the shop's bank, and the movements it is made of."""

import datetime as dt
from typing import Any

from payments.gateways.base import BalanceLine, PayoutStanding
from payments.gateways.stripe.client import asking
from payments.gateways.stripe.reading import Json, id_of, moment, money, whole
from payments.models import Payout, PayoutLine

Status = Payout.Status
Kind = PayoutLine.Kind
STATUSES = {
    "paid": Status.PAID,
    "pending": Status.PENDING,
    "in_transit": Status.PENDING,
    "failed": Status.FAILED,
    "canceled": Status.CANCELED,
}
KINDS = {
    "charge": Kind.CHARGE,
    "payment": Kind.CHARGE,
    "refund": Kind.REFUND,
    "payment_refund": Kind.REFUND,
    "refund_failure": Kind.REFUND,
    "payment_failure_refund": Kind.REFUND,
    "stripe_fee": Kind.FEE,
    "tax_fee": Kind.FEE,
}
# Movements that are a payout itself and not what it is made of.
OWN = {"payout", "payout_failure", "payout_cancel"}


def payout_standing(reference: str) -> PayoutStanding:
    """Ask about one payout. Raises NotKnown, GatewayUnreachable."""
    with asking() as stripe:
        return _payout(stripe.v1.payouts.retrieve(reference).to_dict())


def payouts_since(since: dt.datetime) -> list[PayoutStanding]:
    """All payouts made since then. Raises GatewayUnreachable."""
    with asking() as stripe:
        page = stripe.v1.payouts.list({"created": {"gte": int(since.timestamp())}, "limit": 100})
        return [_payout(one.to_dict()) for one in page.auto_paging_iter()]


def payout_lines(reference: str) -> list[BalanceLine]:
    """What a payout is made of. Raises GatewayUnreachable."""
    return _lines({"payout": reference})


def unpaid_lines(since: dt.datetime) -> list[BalanceLine]:
    """All movements since then, paid out or not yet. Raises GatewayUnreachable."""
    return _lines({"created": {"gte": int(since.timestamp())}})


def _lines(asked: dict[str, Any]) -> list[BalanceLine]:
    with asking() as stripe:
        page = stripe.v1.balance_transactions.list(
            {**asked, "limit": 100, "expand": ["data.source"]}  # type: ignore[arg-type]
        )
        rows = [one.to_dict() for one in page.auto_paging_iter()]
    return [_line(one) for one in rows if one.get("type") not in OWN]


def _payout(payout: Json) -> PayoutStanding:
    currency = str(payout.get("currency") or "").upper()
    return PayoutStanding(
        reference=str(payout["id"]),
        amount=money(payout.get("amount"), currency),
        currency=currency,
        status=STATUSES.get(str(payout.get("status")), Status.PENDING).value,
        created_at=moment(payout.get("created")),
        arrives_on=moment(payout.get("arrival_date")).date(),
    )


def _line(row: Json) -> BalanceLine:
    currency = str(row.get("currency") or "").upper()
    source = whole(row.get("source"))
    own = whole(source.get("metadata")).get("refund") if source.get("object") == "refund" else ""
    return BalanceLine(
        reference=str(row["id"]),
        kind=_kind(row).value,
        about=id_of(row.get("source")),
        charge_ref=id_of(source.get("payment_intent")),
        refund_key=f"refund-{own}" if own else "",
        gross=money(row.get("amount"), currency),
        fee=money(row.get("fee"), currency),
        net=money(row.get("net"), currency),
        currency=currency,
        happened_at=moment(row.get("created")),
        words=str(row.get("description") or "")[:200],
    )


def _kind(row: Json) -> PayoutLine.Kind:
    # A dispute is an "adjustment" to Stripe; what it is about says which.
    if id_of(row.get("source")).startswith(("dp_", "du_")):
        return Kind.DISPUTE
    return KINDS.get(str(row.get("type")), Kind.OTHER)
