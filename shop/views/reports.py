"""What browsers tell of things that our content policy forbade."""

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.lib import limits

logger = logging.getLogger(__name__)
MOST_BYTES = 16_384
# Reports of one message that are written down.
MOST = 5


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Write down which rule was broken on which kind of page: no address, no key, no text of it.

    Anybody can send this, so it is short, seldom and believed by nobody: it changes nothing.
    """
    limits.check(request, limits.REPORTS)
    if len(request.body) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    for report in _reports(told)[:MOST]:
        _write_down(report)
    return HttpResponse(status=204)


def _reports(told: Any) -> list[dict[str, Any]]:
    """Both ways in which browsers write it: one, or a list of them."""
    if isinstance(told, list):
        bodies = [one.get("body") for one in told if isinstance(one, dict)]
    else:
        bodies = [told.get("csp-report")] if isinstance(told, dict) else []
    return [one for one in bodies if isinstance(one, dict)]


def _write_down(report: dict[str, Any]) -> None:
    rule = report.get("effective-directive") or report.get("effectiveDirective")
    rule = rule or report.get("violated-directive")
    page = report.get("document-uri") or report.get("documentURL")
    blocked = report.get("blocked-uri") or report.get("blockedURL")
    logger.warning(
        "content policy broken",
        extra={"event": _word(rule), "path": _kind_of_page(page), "topic": _origin(blocked)},
    )


def _word(value: Any) -> str:
    text = str(value or "").partition(" ")[0][:40]
    return text if text.replace("-", "").isalpha() else "?"


def _kind_of_page(value: Any) -> str:
    """The pattern behind an address: what is in it may be somebody's key."""
    try:
        return resolve(urlsplit(str(value or "")).path or "/").route
    except (Resolver404, ValueError):
        return "?"


def _origin(value: Any) -> str:
    try:
        parts = urlsplit(str(value or "")[:200])
        host = parts.hostname or ""
    except ValueError:
        return "?"
    return f"{parts.scheme}://{host}"[:80] if host else _word(value)
