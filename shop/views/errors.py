"""When something is not there, not allowed or not right: a page that says what to do next."""

import logging
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseServerError,
)
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.translation import gettext as _

from catalog.models import Market
from catalog.queries import cards
from catalog.queries.cards import CardView
from catalog.queries.markets import main_market
from catalog.queries.page import Seo, page_context
from catalog.queries.redirects import moved_to
from shop.lib import strain
from shop.lib.parts import kept

logger = logging.getLogger(__name__)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    moved = _moved(request)
    return moved or _page(request, "404.html", status=404)


def _moved(request: HttpRequest) -> HttpResponse | None:
    """To the new address, in the same market, with what was asked of the old one."""
    if request.method not in ("GET", "HEAD"):
        return None
    try:
        path = moved_to(request.path_info)
    except DatabaseError:
        return None
    if path is None:
        return None
    query = request.META.get("QUERY_STRING", "")
    address = f"{get_script_prefix().rstrip('/')}{path}"
    joint = "&" if "?" in path else "?"
    return HttpResponsePermanentRedirect(f"{address}{joint}{query}" if query else address)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _page(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return _page(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _page(request, "400.html", status=400)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _page(request, "429.html", status=429)


def server_error(_request: HttpRequest) -> HttpResponse:
    """A page that needs nothing: what it would need may be what is broken."""
    if strain.is_strain():
        return strain.come_back()
    return HttpResponseServerError(get_template("500.html").render())


def _page(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    seo = Seo(title=_("This did not work"), noindex=True)
    try:
        return render(request, template, _context(request, seo), status=status)
    except DatabaseError:
        logger.warning("error page without its frame", extra={"status_code": status})
        return render(request, template, {"shop": settings.SHOP, "seo": seo}, status=status)


def _context(request: HttpRequest, seo: Seo) -> dict[str, Any]:
    market: Market | None = getattr(request, "market", None) or main_market()
    if market is None:
        return {"shop": settings.SHOP, "seo": seo}
    request.market = market  # type: ignore[attr-defined]
    return {**page_context(request, seo=seo), "popular": _popular(market)}


def _popular(market: Market) -> list[CardView]:
    return kept(f"popular:{market.pk}", lambda: cards.best_sellers(market))
