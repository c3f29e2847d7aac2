"""Text messages by an HTTP gateway: one for each key, kept so that staff see what was told.

The gateway gets JSON {"to", "from", "text", "key"} with a bearer token and answers {"id"}. Without
one (SMS_URL) messages are kept and go nowhere. Neither numbers nor words are logged.
"""

import logging
from dataclasses import dataclass
from http import HTTPStatus

import httpx
from django.conf import settings
from django.utils import timezone

from shop.outbox.models import Sms

logger = logging.getLogger(__name__)
LONGEST = 480
TIMEOUT = 10.0
# What may go better another time.
AGAIN = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


@dataclass(frozen=True, slots=True)
class Text:
    """What to tell whom. to: in E.164."""

    kind: str
    to: str
    text: str
    key: str
    reference: str


def is_on() -> bool:
    """Whether buyers are asked for their consent: with a gateway, and in the demo."""
    return bool(settings.SMS_URL) or settings.DEMO


def send(text: Text) -> Sms | None:
    """Hand a message over once per key. None when this key was sent before.

    May be called again after a crash: the key goes along, so that the gateway can tell.
    Raises httpx.HTTPError when the gateway is not there; what it refuses for good is kept so.
    """
    if Sms.objects.filter(key=text.key).exists():
        return None
    reference = _handed_over(text) if settings.SMS_URL else ""
    sms, is_new = Sms.objects.get_or_create(
        key=text.key,
        defaults={
            "kind": text.kind,
            "to": text.to,
            "text": text.text[:LONGEST],
            "reference": text.reference,
            "provider_ref": reference[:80],
            "sent_at": timezone.now(),
        },
    )
    return sms if is_new else None


def _handed_over(text: Text) -> str:
    """What the gateway calls it; "refused: 422" where it will never take it."""
    response = httpx.post(
        settings.SMS_URL,
        json={
            "to": text.to,
            "from": settings.SMS_SENDER or settings.SHOP["name"],
            "text": text.text[:LONGEST],
            "key": text.key,
        },
        headers={
            "Authorization": f"Bearer {settings.SMS_TOKEN}",
            "Idempotency-Key": text.key,
        },
        timeout=TIMEOUT,
    )
    if response.is_client_error and response.status_code not in AGAIN:
        logger.warning("text message refused", extra={"status": response.status_code})
        return f"refused: {response.status_code}"
    response.raise_for_status()
    return _name(response)


def _name(response: httpx.Response) -> str:
    try:
        said = response.json()
    except ValueError:
        return "sent"
    return str(said.get("id") or "sent") if isinstance(said, dict) else "sent"
