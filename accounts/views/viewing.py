"""The shop as a customer sees it, for staff: every page may be looked at, nothing may be changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from psycopg.errors import ReadOnlySqlTransaction

from accounts.services import viewing
from accounts.services.doors.staff import PAGES as STAFF_PAGES
from catalog.queries.page import Seo, page_context

Respond = Callable[[HttpRequest], HttpResponseBase]
STOP = "accounts:stop_viewing"
# The parts of the shop that know who is signed in; all others are the same for everybody.
PERSONAL = ("accounts", "orders", "payments")
# Passwords, factors and sessions: there staff see their own, as ever.
DOORS = ("account_", "mfa_", "socialaccount_", "usersessions_")
# Everything about somebody in one file is nobody else's.
SECRET = ("accounts:privacy",)
# What a browser gathered for whoever sits at it is not the customer's.
OWN_COOKIES = ("cart", "wishlist")


def see_as_customer(get_response: Respond) -> Respond:
    """Set request.user to the customer and request.viewer to whoever really looks."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return get_response(request)
        part, name = _page_of(request)
        seen = viewing.viewed(request, now=timezone.now()) if _asks(request, part, name) else None
        if seen is None:
            return get_response(request)
        request.viewer, request.viewed = seen.viewer, seen.customer  # type: ignore[attr-defined]
        if request.method not in ("GET", "HEAD") or name.startswith(SECRET):
            return _refuse(request)
        viewing.note(request, seen.customer, "look", now=timezone.now())
        request.user = seen.user
        for own in [one for one in request.COOKIES if one.startswith(OWN_COOKIES)]:
            del request.COOKIES[own]
        with _read_only():
            return get_response(request)

    middleware.process_exception = _would_write  # type: ignore[attr-defined]
    return middleware


def _page_of(request: HttpRequest) -> tuple[str, str]:
    """The part of the shop that an address belongs to, and the page's whole name."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return "", ""
    return match.app_name, match.view_name


def _asks(request: HttpRequest, part: str, name: str) -> bool:
    """Whether the session is asked at all: pages that are for everybody must stay without one."""
    if name == STOP or request.path_info.startswith(STAFF_PAGES) or name.startswith(DOORS):
        return False
    return part in PERSONAL or request.method not in ("GET", "HEAD")


@contextmanager
def _read_only() -> Iterator[None]:
    """The database itself refuses to write while somebody only looks."""
    with connection.cursor() as cursor:
        cursor.execute("set default_transaction_read_only = on")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("set default_transaction_read_only = off")


def _would_write(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """A page that has to keep something can't be looked at."""
    is_refused = isinstance(exception.__cause__, ReadOnlySqlTransaction)
    return _refuse(request) if is_refused and hasattr(request, "viewer") else None


def _refuse(request: HttpRequest) -> HttpResponse:
    frame = page_context(request, seo=Seo(title="", noindex=True))
    return render(request, "accounts/only_looking.html", frame, status=403)


@never_cache
@require_POST
def stop_viewing(request: HttpRequest) -> HttpResponse:
    """Back to the customer's page in the admin."""
    pk = viewing.end(request, now=timezone.now())
    if pk is None:
        return redirect("catalog:home")
    return redirect("admin:accounts_customer_change", pk)
