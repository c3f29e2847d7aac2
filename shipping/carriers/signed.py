"""Who sent a carrier's message: each shows that he shares our secret in his own way."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping

from django.utils.crypto import constant_time_compare

from shipping.carriers.keys import webhook_secret
from shipping.models import Carrier
from shop.lib.signatures import HEADER, is_signed

Adapter = Carrier.Adapter
# FedEx signs the body; UPS sends the words we gave him when we subscribed.
FEDEX, UPS = "fdx-signature", "credential"


def is_from(carrier: Carrier, body: bytes, headers: Mapping[str, str], *, now: dt.datetime) -> bool:
    """Whether a message comes from whoever shares CARRIER_<CODE>_WEBHOOK_SECRET.

    Any of them may sign as our partners do, a relay for instance. Nobody shares an empty secret.
    """
    secret = webhook_secret(carrier.code)
    if not secret:
        return False
    if is_signed(body, headers.get(HEADER, ""), secret=secret, now=now):
        return True
    if carrier.adapter == Adapter.FEDEX:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return constant_time_compare(digest, headers.get(FEDEX, "").lower())
    if carrier.adapter == Adapter.OWN:
        return False
    return constant_time_compare(secret, headers.get(UPS, "") or _bearer(headers))


def _bearer(headers: Mapping[str, str]) -> str:
    kind, _space, token = headers.get("Authorization", "").partition(" ")
    return token if kind == "Bearer" else ""
