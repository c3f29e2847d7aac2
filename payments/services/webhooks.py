"""What providers tell us: stored once, read later, trusted only as far as it matches."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from payments.gateways.base import Standing
from payments.gateways.stripe import standing_of
from payments.models import Payment, WebhookEvent
from shop.outbox import delivery
from shop.outbox.models import post

# The session carries everything we need; other types are stored and ignored.
SESSION_EVENTS = {
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.expired",
}


@dataclass(frozen=True, slots=True)
class News:
    payment: Payment
    standing: Standing


@transaction.atomic(durable=True)
def store(*, provider: str, event: dict[str, Any], now: dt.datetime) -> bool:
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


def read(*, event: WebhookEvent) -> News | None:
    """Which payment it is about and what it says; None when it is not about one of ours."""
    if event.kind not in SESSION_EVENTS:
        return None
    session = event.payload["data"]["object"]
    payment = Payment.objects.filter(provider="card", provider_ref=session["id"]).first()
    if payment is None:
        payment = _by_metadata(session)
    return News(payment, standing_of(session)) if payment else None


def _by_metadata(session: dict[str, Any]) -> Payment | None:
    """The webhook may be faster than our own note of the session's id."""
    own_id = str((session.get("metadata") or {}).get("payment", ""))
    if not (own_id.isascii() and own_id.isdigit()):
        return None
    number = session.get("client_reference_id")
    return Payment.objects.filter(
        pk=int(own_id), provider="card", provider_ref="", order__number=number
    ).first()


def close(*, event: WebhookEvent, outcome: str, now: dt.datetime) -> None:
    WebhookEvent.objects.filter(pk=event.pk).update(processed_at=now, outcome=outcome)
