"""Letters about signing in. Until a worker sends one it lies sealed: most hold a link that opens."""

import datetime as dt
import json
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from django.utils.translation import get_language

from shop.lib.secrets import seal, unseal
from shop.outbox import delivery
from shop.outbox.models import post

TOPIC = "mail.door"


def owe(
    *,
    kind: str,
    to: str,
    context: Mapping[str, Any],
    now: dt.datetime,
    secret: str = "",
    reference: str = "",
) -> None:
    """Owe somebody a letter. secret: the part of it that staff may not read later."""
    told = {
        "kind": f"accounts/{kind}",
        "to": to,
        "language": get_language() or "en-gb",
        "context": dict(context),
        "secret": secret,
        "reference": reference,
    }
    key = f"door-{token_hex(12)}"
    post(topic=TOPIC, key=key, payload={"key": key, "sealed": seal(json.dumps(told))}, now=now)
    delivery.ring()


def opened(sealed: str) -> dict[str, Any]:
    """What was owed. Raises shop.lib.secrets.Unreadable."""
    told: dict[str, Any] = json.loads(unseal(sealed))
    return told
