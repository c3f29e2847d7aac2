"""Listening: look at what a provider's events point at.

All of it talks to the provider, outside transactions; what is found is written by the process it
belongs to, each in a transaction of its own.
"""

import datetime as dt
from collections.abc import Callable

from payments.gateways import gateway
from payments.gateways.base import NotKnown
from payments.gateways.stripe import answer_of, dispute_standing, intents, refunds_of
from payments.models import Payment, WebhookEvent
from payments.services import cards, webhooks
from payments.services.webhooks import Json
from shop.lib.money import from_minor
from shop.processes import asking, disputing, noticing, paying_out, refunding

IGNORED = "ignored"
APPLIED = "applied"


def hear(*, event: WebhookEvent, now: dt.datetime) -> str:
    """Look at what an event points at; returns what came of it, in a word. Raises GatewayUnreachable."""
    if reason := webhooks.not_for_us(event):
        return f"{IGNORED}: {reason}"
    look = next((one for start, one in LOOKS.items() if event.kind.startswith(start)), None)
    if look is None:
        return f"{IGNORED}: nothing to look at"
    try:
        is_ours = look(webhooks.about(event), now)
    except NotKnown:
        is_ours = False
    return APPLIED if is_ours else IGNORED


def _session(found: Json, now: dt.datetime) -> bool:
    payment = webhooks.payment_of_session(found)
    if payment is None:
        return False
    _ask(payment, now)
    return payment.provider_ref == webhooks.name_in(found)


def _intent(found: Json, now: dt.datetime) -> bool:
    return _of_intent(webhooks.name_in(found), found, now)


def _charge(found: Json, now: dt.datetime) -> bool:
    intent = webhooks.name_in(found, "payment_intent")
    if not _of_intent(intent, found, now):
        return False
    if int(found.get("amount_refunded") or 0):
        _refunds(intent, now)
    return True


def _of_intent(intent: str, found: Json, now: dt.datetime) -> bool:
    payment = webhooks.payment_of_intent(intent, found)
    if payment is None and intent:
        # A refund or a dispute may be told of before the payment; the payment knows its names.
        payment = webhooks.payment_of_intent(intent, intents.fetch(intent))
    if payment is None:
        return False
    _ask(payment, now)
    payment.refresh_from_db(fields=["charge_ref"])
    return payment.charge_ref == intent


def _ask(payment: Payment, now: dt.datetime) -> None:
    """Ask about our own attempt, by the name our own call gave it.

    Never by the one in the event: another shop at the same provider may use the numbers we do.
    """
    if payment.provider_ref or asking.name(payment=payment, now=now):
        asking.ask_about(payment=payment, now=now)


def _refund(found: Json, now: dt.datetime) -> bool:
    known = webhooks.refund_of(found)
    if known is None:
        intent = webhooks.name_in(found, "payment_intent")
        return _of_intent(intent, {}, now) and _refunds(intent, now)
    if not known.provider_ref:
        known.provider_ref = webhooks.name_in(found)
    answer = gateway(known.payment.provider).refund(known)
    refunding.refund_answered(refund_id=known.pk, answer=answer, now=now)
    return True


def _refunds(intent: str, now: dt.datetime) -> bool:
    """Refunds that were made at the provider's own pages are ours as well."""
    payment = Payment.objects.filter(charge_ref=intent).first()
    if payment is None:
        return False
    for one in refunds_of(intent):
        if webhooks.refund_of(one) is None and not (one.get("metadata") or {}).get("refund"):
            amount = from_minor(int(one["amount"]), payment.currency)
            noticing.refund_made(
                payment_id=payment.pk, amount=amount, answer=answer_of(one), now=now
            )
    return True


def _dispute(found: Json, now: dt.datetime) -> bool:
    standing = dispute_standing(webhooks.name_in(found))
    _of_intent(standing.charge_ref, {}, now)
    return disputing.seen(standing=standing, now=now)


def _payout(found: Json, now: dt.datetime) -> bool:
    return paying_out.look(ref=webhooks.name_in(found), now=now)


def _card(found: Json, now: dt.datetime) -> bool:
    owner = webhooks.name_in(found, "customer")
    is_ours = cards.gone(reference=webhooks.name_in(found))
    return (cards.keep_step(reference=owner, now=now) if owner else False) or is_ours


# By the beginning of an event's name; the first that fits.
LOOKS: dict[str, Callable[[Json, dt.datetime], bool]] = {
    "checkout.session.": _session,
    "payment_intent.": _intent,
    "charge.dispute.": _dispute,
    "charge.refund.": _refund,
    "charge.": _charge,
    "refund.": _refund,
    "payout.": _payout,
    "payment_method.": _card,
}
