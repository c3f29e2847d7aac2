"""Files on disk: they go once the rows that named them are gone for good."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.core.files.storage import default_storage

from shop.outbox import delivery
from shop.outbox.models import post

AT_ONCE = 200


def owe(*, names: Sequence[str], now: dt.datetime) -> None:
    """Owe the deletion of files, in the caller's transaction: a crash leaves none behind."""
    for start in range(0, len(names), AT_ONCE):
        part = list(names[start : start + AT_ONCE])
        key = f"privacy-files-{uuid.uuid4()}"
        post(topic="privacy.delete_files", key=key, payload={"names": part}, now=now)
        delivery.ring()


def delete(names: Sequence[str]) -> None:
    """A file that is gone already is fine."""
    for name in names:
        default_storage.delete(name)
