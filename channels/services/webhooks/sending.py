"""One delivery on its way: claimed, sent without a transaction, marked.

Whoever dies between sending and marking leaves the delivery due again: it is sent twice, with the
same id, rather than never.
"""

import datetime as dt
import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from channels.models import WebhookDelivery, WebhookEndpoint
from channels.services.webhooks import breaking
from channels.services.webhooks.terms import MOST_TRIES, TIMEOUT, WORDS_KEPT, pause_after
from shop.lib.calling import TAKEN, post
from shop.lib.network import Door, FetchRefused
from shop.lib.signatures import HEADER, sign_with

State = WebhookDelivery.State


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try. status: None when nobody answered."""

    is_taken: bool
    status: int | None
    took_ms: int
    words: str


def send_waiting(
    *,
    endpoint_id: int,
    clock: Callable[[], dt.datetime],
    seconds: float,
    trusted: Collection[Door] = (),
) -> int:
    """Send what is due to an endpoint, for at most so many seconds; returns how many tries.

    Ends early when the endpoint fails so often that it is left alone. `trusted` is for tests.
    """
    end, tries = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        one = claim(endpoint_id=endpoint_id, now=clock())
        if one is None:
            break
        outcome = attempt(one, now=clock(), trusted=trusted)
        mark(one, outcome, now=clock())
        tries += 1
    return tries


@transaction.atomic
def claim(*, endpoint_id: int, now: dt.datetime) -> WebhookDelivery | None:
    """Take the next delivery in hand: nobody else does before its next try is due."""
    rows = (
        WebhookDelivery.objects.filter(
            breaking.closed(now=now),
            endpoint=endpoint_id,
            endpoint__is_active=True,
            state=State.WAITING,
            due_at__lte=now,
        )
        .select_related("endpoint", "event")
        .order_by("due_at", "pk")
    )
    one = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if one is None:
        return None
    one.tries += 1
    one.tried_at, one.due_at = now, now + pause_after(one.tries)
    one.save(update_fields=["tries", "tried_at", "due_at"])
    return one


def attempt(one: WebhookDelivery, *, now: dt.datetime, trusted: Collection[Door] = ()) -> Outcome:
    """Send it. Never raises because of the endpoint; redirects are not followed."""
    body = body_of(one)
    begun = time.monotonic()
    try:
        answer = post(
            one.endpoint.url,
            body=body,
            headers=_headers(one, body, now),
            timeout=TIMEOUT,
            trusted=trusted,
        )
    except FetchRefused as refusal:
        words = refusal.message[:WORDS_KEPT]
        return Outcome(is_taken=False, status=None, took_ms=_ms_since(begun), words=words)
    words = answer.words[:WORDS_KEPT]
    return Outcome(
        is_taken=answer.status in TAKEN,
        status=answer.status,
        took_ms=_ms_since(begun),
        words=words,
    )


def mark(one: WebhookDelivery, outcome: Outcome, *, now: dt.datetime) -> None:
    """Write down what came of a try, and what it says of the endpoint."""
    if outcome.is_taken:
        state = State.DELIVERED
    else:
        state = State.FAILED if one.tries >= MOST_TRIES else State.WAITING
    with transaction.atomic():
        # A second worker that came late doesn't undo what the first one knows.
        WebhookDelivery.objects.filter(pk=one.pk).exclude(state=State.DELIVERED).update(
            state=state,
            status=outcome.status,
            took_ms=outcome.took_ms,
            answer=outcome.words,
            done_at=None if state == State.WAITING else now,
        )
        breaking.heard(endpoint_id=one.endpoint_id, is_taken=outcome.is_taken, now=now)


def body_of(one: WebhookDelivery) -> bytes:
    """The same bytes at every try and to everybody."""
    event = one.event
    told: dict[str, Any] = {
        "id": str(event.uid),
        "topic": event.topic,
        "subject": event.subject,
        "at": event.at.isoformat(),
        "sequence": event.payload.get("sequence"),
        "data": event.payload.get("data", {}),
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _headers(one: WebhookDelivery, body: bytes, now: dt.datetime) -> dict[str, str]:
    endpoint: WebhookEndpoint = one.endpoint
    secrets = [secret for secret in (endpoint.secret, endpoint.old_secret) if secret]
    return {
        "Content-Type": "application/json",
        "Mercer-Id": str(one.event.uid),
        "Mercer-Topic": one.event.topic,
        "Mercer-Try": str(one.tries),
        HEADER: sign_with(body, secrets=secrets, now=now),
    }


def _ms_since(begun: float) -> int:
    return int((time.monotonic() - begun) * 1000)
