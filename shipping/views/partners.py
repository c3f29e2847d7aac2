"""Where partners tell what became of what they send for us."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from inventory.models import Location
from shop.lib.errors import Refused
from shop.lib.signatures import HEADER, is_signed
from shop.lib.text import clean
from shop.processes import partners
from shop.processes.partners import Answer, UnknownReference

LIMIT = 100_000
SENT, REFUSED = "shipped", "refused"
MOST_UNITS = 100_000


@csrf_exempt
@require_POST
def partner_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Check the sender, then do what the message says, once.

    400 for what is no message, 403 for a signature that is none, 404 for an unknown partner or
    reference, 409 when it can't be done (any more).
    """
    partner = get_object_or_404(Location, code=code, kind=Location.Kind.PARTNER)
    if len(request.body) > LIMIT:
        return _problem("The message is too large.", 413)
    header, now = request.headers.get(HEADER, ""), timezone.now()
    if not is_signed(request.body, header, secret=partner.secret, now=now):
        return _problem("The signature is wrong or too old.", 403)
    try:
        answer = _answer(json.loads(request.body))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _problem("This is not a message as agreed.", 400)
    try:
        found = partners.answered(location=partner, answer=answer, now=now)
    except UnknownReference as unknown:
        raise Http404(unknown.message) from unknown
    except Refused as refusal:
        return _problem(refusal.message, 409)
    return JsonResponse({"reference": found.reference, "status": found.status})


def _answer(sent: dict[str, Any]) -> Answer:
    """Raises ValueError, KeyError, TypeError or AttributeError for anything else."""
    status = sent["status"]
    if status not in (SENT, REFUSED):
        raise ValueError(status)
    return Answer(
        reference=_text(sent["reference"], 40),
        is_sent=status == SENT,
        carrier=_text(sent.get("carrier", ""), 40),
        tracking_number=_text(sent.get("tracking_number", ""), 60),
        units=_units(sent["lines"]) if "lines" in sent else None,
        reason=_text(sent.get("reason", ""), 200),
    )


def _units(lines: list[dict[str, Any]]) -> dict[int, int]:
    found = {row["line"]: row["quantity"] for row in lines}
    numbers = [*found, *found.values()]
    if not all(type(one) is int and 0 < one < MOST_UNITS**3 for one in numbers):
        raise ValueError(lines)
    return found


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return clean(value)[:longest]


def _problem(words: str, status: int) -> JsonResponse:
    return JsonResponse({"problem": words}, status=status)
