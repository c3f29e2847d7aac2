"""Stripe, one file per kind of thing it is asked for; the SDK is met in client.py alone."""

from payments.gateways.stripe.checkout import StripeCheckout, find_attempt
from payments.gateways.stripe.client import close_clients, read_event
from payments.gateways.stripe.disputes import dispute_standing, disputes_since, submit_evidence
from payments.gateways.stripe.money import answer_of, refunds_of
from payments.gateways.stripe.payouts import (
    payout_lines,
    payout_standing,
    payouts_since,
    unpaid_lines,
)

__all__ = [
    "StripeCheckout",
    "answer_of",
    "close_clients",
    "dispute_standing",
    "disputes_since",
    "find_attempt",
    "payout_lines",
    "payout_standing",
    "payouts_since",
    "read_event",
    "refunds_of",
    "submit_evidence",
    "unpaid_lines",
]
