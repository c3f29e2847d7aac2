"""Secrets the shop must be able to read again: kept in the database as nobody else can read them."""

from base64 import urlsafe_b64encode
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

# What the key is for: another purpose gets another key from the same secret.
PURPOSE = b"mercer: secrets at rest"


class Unreadable(Exception):
    """What is kept was sealed with a secret key this shop does not have (any more)."""


def seal(text: str) -> str:
    """The text as it may lie in a table."""
    return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again. Raises Unreadable."""
    box = _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    try:
        return box.decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


@lru_cache(maxsize=4)
def _box(*keys: str) -> MultiFernet:
    """The first key seals; the others still open what they sealed."""
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return urlsafe_b64encode(derivation.derive(key.encode()))


class SecretField(models.TextField):  # type: ignore[type-arg]
    """Text that is sealed on its way into the table. It can't be searched for; empty stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return seal(text) if text else text

    def from_db_value(self, value: str | None, *_told: object) -> str | None:
        return unseal(value) if value else value
