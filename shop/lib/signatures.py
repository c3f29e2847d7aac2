"""Messages between machines that share a secret: signed with the time, so that none is replayed."""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Sequence

HEADER = "Mercer-Signature"
FORM = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")
# Clocks differ, and messages wait; later than that, somebody kept one.
TOLERANCE = dt.timedelta(minutes=5)


def sign(body: bytes, *, secret: str, now: dt.datetime) -> str:
    """What HEADER says of a body: "t=<unix time>,v1=<hex HMAC-SHA256 of `<time>.<body>`>"."""
    return sign_with(body, secrets=[secret], now=now)


def sign_with(body: bytes, *, secrets: Sequence[str], now: dt.datetime) -> str:
    """The same with a v1 for each secret: while one replaces another, either proves it."""
    at = int(now.timestamp())
    return ",".join([f"t={at}", *(f"v1={_digest(body, secret, at)}" for secret in secrets)])


def is_signed(body: bytes, header: str, *, secret: str, now: dt.datetime) -> bool:
    """Whether whoever shares the secret sent this just now. Nobody shares an empty secret."""
    found = FORM.fullmatch(header)
    if not secret or found is None:
        return False
    at, digest = int(found[1]), found[2]
    if abs(now.timestamp() - at) > TOLERANCE.total_seconds():
        return False
    return hmac.compare_digest(_digest(body, secret, at), digest)


def _digest(body: bytes, secret: str, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
