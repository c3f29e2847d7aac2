"""A gift card's code: sixteen characters that are worked out from its key and never stored.

80 bits of a keyed hash, written in Crockford's base 32: no I, L, O or U, so that what people
mistake for them can be read as what was meant. A card is found by the hash of its code alone;
a leaked database gives no code away, and a new SECRET_KEY leaves the mailed codes valid.
"""

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

if TYPE_CHECKING:
    from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4
SALT = "payments.gift_card.code"
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


class CodeLost(Exception):
    """Raised when no known SECRET_KEY gives the code back: the card works, but can't be sent."""


def derive(key: "UUID", *, secret: str | None = None) -> str:
    """The code of an account's key, in capitals and without dashes."""
    mac = salted_hmac(SALT, key.bytes, secret=secret, algorithm="sha256").digest()
    number = int.from_bytes(mac[: LENGTH * 5 // 8], "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def recover(key: "UUID", digest: str) -> str:
    """The code that was given out for this key, also after SECRET_KEY was changed.

    Raises CodeLost.
    """
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        code = derive(key, secret=secret)
        if constant_time_compare(digest_of(code), digest):
            return code
    raise CodeLost


def normalise(typed: str) -> str:
    """What was meant: without spaces and dashes, in capitals, O read as 0 and I and L as 1."""
    kept = "".join(letter for letter in typed[:80].upper() if letter.isalnum())
    return kept.translate(MISREAD)


def digest_of(typed: str) -> str:
    """What a card is found by, whatever was typed."""
    return hashlib.sha256(normalise(typed).encode()).hexdigest()


def grouped(code: str) -> str:
    """As it is written in a mail: 7K2M-…"""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
