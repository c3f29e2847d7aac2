"""Writes over the API that may be sent twice and are done once."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from channels.models import ApiCall, ApiKey
from shop.lib.errors import Refused


class KeyReused(Refused):
    """Raised when an Idempotency-Key comes back with something else than before."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered; is_replay: to an earlier request, and nothing was done now."""

    status: int
    body: Mapping[str, Any]
    is_replay: bool = False


@transaction.atomic(durable=True)
def once(
    *, api_key: ApiKey, key: str, request_hash: str, work: Callable[[], Answer], now: dt.datetime
) -> Answer:
    """Do the work and keep its answer in one transaction: both are there, or neither.

    A second request with the same key waits for the first and gets its answer. What the work
    raises undoes all, so it can be tried again. Raises KeyReused.
    """
    call, is_new = ApiCall.objects.get_or_create(
        api_key=api_key, key=key, defaults={"request_hash": request_hash, "at": now}
    )
    if not is_new:
        return _again(call, request_hash)
    answer = work()
    call.status, call.answer = answer.status, dict(answer.body)
    call.save(update_fields=["status", "answer"])
    return answer


def _again(call: ApiCall, request_hash: str) -> Answer:
    if call.request_hash != request_hash or call.status is None:
        raise KeyReused(_("This Idempotency-Key was used for another request."))
    return Answer(call.status, call.answer or {}, is_replay=True)
