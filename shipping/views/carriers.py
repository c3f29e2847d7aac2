"""Where carriers tell that there are news of parcels.

What a carrier sends is taken as a hint: its numbers are looked for in the message, and the carrier
is asked about them, so that a made-up message can do nothing. Only whoever shares our own secret
(a driver's app) is believed as he says it.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shipping.carriers import signed, told
from shipping.carriers.base import News
from shipping.models import Carrier, Fulfilment, Label
from shop.outbox import delivery as outbox
from shop.outbox.models import post
from shop.processes import tracking

LIMIT = 200_000
MOST_NUMBERS = 50


@csrf_exempt
@require_POST
def carrier_news(request: HttpRequest, code: str) -> HttpResponse:
    """Check the sender; ask the carrier about the numbers he names, or believe our own people.

    400 for what is no message, 403 for a signature that is none, 404 for an unknown carrier.
    Numbers that are none of ours are passed over: they are answered like the others.
    """
    carrier = get_object_or_404(Carrier, code=code, is_active=True)
    if len(request.body) > LIMIT:
        return _problem("The message is too large.", 413)
    if not signed.is_from(carrier, request.body, request.headers, now=timezone.now()):
        return _problem("The signature is wrong or too old.", 403)
    try:
        message = json.loads(request.body)
        if carrier.adapter == Carrier.Adapter.OWN:
            _believe(carrier, told.news_in(message))
        else:
            _look_into(carrier, message, request.body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _problem("This is not a message as agreed.", 400)
    return JsonResponse({"status": "heard"})


def _believe(carrier: Carrier, parcels: dict[str, list[News]]) -> None:
    for number, news in parcels.items():
        tracking.heard(number=number, carrier=carrier, news=news, now=timezone.now())


@transaction.atomic
def _look_into(carrier: Carrier, message: Any, body: bytes) -> None:
    """Owe a question about the numbers that are ours, once a message."""
    numbers = _ours(carrier, set(_words(message)))
    if not numbers:
        return
    post(
        topic="tracking.ask",
        key=f"tracking-{carrier.code}-{hashlib.sha256(body).hexdigest()[:40]}",
        payload={"carrier": carrier.code, "numbers": numbers},
        now=timezone.now(),
    )
    outbox.ring()


def _ours(carrier: Carrier, words: set[str]) -> list[str]:
    bought = Label.objects.filter(carrier=carrier, tracking_number__in=words)
    names = Q(carrier=carrier.name) | Q(carrier=carrier.code)
    sent = Fulfilment.objects.filter(names, tracking_number__in=words)
    numbers = {*bought.values_list("tracking_number", flat=True)}
    return sorted(numbers | {*sent.values_list("tracking_number", flat=True)})[:MOST_NUMBERS]


def _words(message: Any) -> Iterator[str]:
    """Every word of a message that may be a tracking number."""
    if isinstance(message, dict):
        message = list(message.values())
    if isinstance(message, list):
        for one in message:
            yield from _words(one)
    elif isinstance(message, str | int) and 8 <= len(str(message)) <= 40:
        yield str(message)


def _problem(words: str, status: int) -> JsonResponse:
    return JsonResponse({"problem": words}, status=status)
