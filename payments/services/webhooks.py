"""What providers tell us: stored once, answered fast, and taken for a hint where to look.

Nothing an event says of money is believed: whoever works it asks the provider. So it can't matter
in which order events come, how often, or how late.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from payments.gateways.stripe.checkout import StripeCheckout
from payments.models import Payment, Refund, WebhookEvent
from shop.outbox import delivery
from shop.outbox.models import post

Json = dict[str, Any]
CODE = StripeCheckout.code


@transaction.atomic(durable=True)
def store(*, provider: str, event: Json, now: dt.datetime) -> bool:
    """Keep an event whose sender was checked, and owe its working. False when it is known."""
    row, is_new = WebhookEvent.objects.get_or_create(
        provider=provider,
        provider_id=str(event["id"])[:120],
        defaults={
            "kind": str(event.get("type", ""))[:80],
            "payload": event,
            "received_at": now,
        },
    )
    if is_new:
        post(
            topic="payments.webhook",
            key=f"webhook-{provider}-{row.provider_id}",
            payload={"event_id": row.pk},
            now=now,
        )
        delivery.ring()
    return is_new


def not_for_us(event: WebhookEvent) -> str:
    """Why an event is about somebody else's money; empty when it may be ours."""
    payload: Json = event.payload
    is_live = settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
    if bool(payload.get("livemode")) != is_live:
        return "live money, in a test" if payload.get("livemode") else "test money, in a live shop"
    # Only platforms hear of other accounts, and this shop is none.
    return "another account" if payload.get("account") else ""


def about(event: WebhookEvent) -> Json:
    """What an event is about, as it was when the event was made: good for its names alone."""
    data = event.payload.get("data") or {}
    found = data.get("object")
    return found if isinstance(found, dict) else {}


def name_in(found: Json, field: str = "id") -> str:
    """A name in it, whether it is there by name or whole."""
    value = found.get(field)
    return str(value.get("id") or "") if isinstance(value, dict) else str(value or "")


def payment_of_session(found: Json) -> Payment | None:
    payments = Payment.objects.filter(provider=CODE)
    return payments.filter(provider_ref=name_in(found)).first() or _unnamed(found)


def payment_of_intent(intent: str, found: Json) -> Payment | None:
    """The payment behind a PaymentIntent, or behind what belongs to one."""
    if not intent:
        return None
    payments = Payment.objects.filter(provider=CODE)
    known = payments.filter(Q(charge_ref=intent) | Q(provider_ref=intent)).first()
    return known or _by_metadata(found, unnamed=False)


def _unnamed(found: Json) -> Payment | None:
    """The webhook may be faster than our own note of what the provider calls it."""
    return _by_metadata(found, unnamed=True)


def _by_metadata(found: Json, *, unnamed: bool) -> Payment | None:
    """By the names we gave it. Another shop at the same provider may use the same numbers."""
    told = found.get("metadata") or {}
    own_id, number = str(told.get("payment", "")), str(told.get("order", ""))
    if not (own_id.isascii() and own_id.isdigit() and len(own_id) < 19):
        return None
    rows = Payment.objects.filter(pk=int(own_id), provider=CODE, order__number=number)
    return (rows.filter(provider_ref="") if unnamed else rows.filter(charge_ref="")).first()


def refund_of(found: Json) -> Refund | None:
    """Our refund, by the provider's name or by ours."""
    if known := Refund.objects.filter(payment__provider=CODE, provider_ref=name_in(found)).first():
        return known
    own_id = str((found.get("metadata") or {}).get("refund", ""))
    if not (own_id.isascii() and own_id.isdigit() and len(own_id) < 19):
        return None
    intent = name_in(found, "payment_intent")
    rows = Refund.objects.filter(pk=int(own_id), payment__charge_ref=intent, provider_ref="")
    return rows.first() if intent else None


def close(*, event: WebhookEvent, outcome: str, now: dt.datetime) -> None:
    WebhookEvent.objects.filter(pk=event.pk).update(processed_at=now, outcome=outcome[:200])
